import { Dinheiro } from '@plataforma/domain/dinheiro';
import type {
  DadosReservaCancelada,
  DadosReservaConfirmada,
  DetalhesDaReserva,
} from '../../domain/modelo.ts';
import type { Resumo } from '../../domain/resumo.ts';
import { formatarDinheiro, formatarInicioCurto, umaLinha } from '../leiaute/formatos.ts';
import { COR, type Linha, type Visao } from '../leiaute/leiaute.ts';
import { dinheiroDe } from '../leiaute/reserva.ts';

const MAX_NOME_NO_ASSUNTO = 80;

/** Subject line of several messages in one. */
export function assuntoDoResumo(resumo: Resumo): string {
  const nome = umaLinha(resumo.dados[0]?.espacoNome ?? '', MAX_NOME_NO_ASSUNTO);
  return `${titulo(resumo)}: ${nome}`;
}

/** What became of occurrences of one series, in the order of their dates. */
export function visaoDoResumo(resumo: Resumo): Visao {
  const { dados } = resumo;
  const introducao = frase(resumo);
  return {
    previa: `${titulo(resumo)} · ${umaLinha(dados[0]?.espacoNome ?? '')}`,
    selo: { texto: 'Série', cor: resumo.modelo === 'RESERVA_CONFIRMADA' ? COR.boa : COR.alerta },
    cabecalho: titulo(resumo),
    introducao,
    abertura: introducao,
    linhas: [
      { rotulo: 'Espaço', valor: umaLinha(dados[0]?.espacoNome ?? '') },
      ...ocorrencias(resumo),
      ...total(resumo),
    ],
    fecho: 'Para ver os detalhes, entre na plataforma e procure cada reserva pelo seu código.',
    porque: 'as reservas estão em seu nome',
  };
}

const TITULO = {
  RESERVA_CONFIRMADA: 'reservas confirmadas',
  RESERVA_CANCELADA: 'reservas canceladas',
  RESERVA_EXPIRADA: 'reservas expiradas',
} as const;

const FRASE = {
  RESERVA_CONFIRMADA: 'Estes horários da sua série estão garantidos. Até breve!',
  RESERVA_CANCELADA: 'Estes horários da sua série foram cancelados.',
  RESERVA_EXPIRADA:
    'O pagamento destes horários da sua série não chegou a tempo, e eles foram liberados. Nada foi cobrado.',
} as const;

const titulo = ({ modelo, dados }: Resumo) => `${dados.length} ${TITULO[modelo]}`;

function frase(resumo: Resumo): string {
  if (resumo.modelo !== 'RESERVA_CANCELADA') return FRASE[resumo.modelo];
  const volta = resumo.dados.some(
    ({ reembolsoCentavos, aConfirmar }) => aConfirmar || reembolsoCentavos !== '0',
  );
  return `${FRASE.RESERVA_CANCELADA} ${volta ? 'O reembolso volta pela mesma forma do pagamento; avisaremos quando estiver concluído.' : 'Não há valor a devolver.'}`;
}

function ocorrencias(resumo: Resumo): Linha[] {
  const linhas =
    resumo.modelo === 'RESERVA_CONFIRMADA'
      ? resumo.dados.map((dados) => linha(dados, pago(dados)))
      : resumo.modelo === 'RESERVA_CANCELADA'
        ? resumo.dados.map((dados) => linha(dados, volta(dados)))
        : resumo.dados.map((dados) => linha(dados, ''));
  return linhas.sort((a, b) => a.inicio.localeCompare(b.inicio));
}

function linha({ inicio, fusoHorario, reservaId }: DetalhesDaReserva, dinheiro: string) {
  const rotulo = formatarInicioCurto(new Date(inicio), fusoHorario);
  return { inicio, rotulo, valor: [reservaId, dinheiro].filter((parte) => parte !== '').join(' · ') };
}

const pago = ({ valorCentavos, moeda }: DadosReservaConfirmada) =>
  valorCentavos === '0' ? '' : `pago ${dinheiroDe(valorCentavos, moeda)}`;

function volta({ reembolsoCentavos, creditoCentavos, aConfirmar, moeda }: DadosReservaCancelada): string {
  const reembolso = aConfirmar
    ? 'reembolso a confirmar'
    : reembolsoCentavos === '0'
      ? ''
      : `reembolso de ${dinheiroDe(reembolsoCentavos, moeda)}`;
  const credito = creditoCentavos === '0' ? '' : `crédito de ${dinheiroDe(creditoCentavos, moeda)}`;
  return [reembolso, credito].filter((parte) => parte !== '').join(' e ');
}

/** Only what is known of all of them can be added up. */
function total(resumo: Resumo): Linha[] {
  if (resumo.modelo === 'RESERVA_EXPIRADA') return [];
  if (resumo.modelo === 'RESERVA_CONFIRMADA')
    return emLinha(
      'Total pago',
      resumo.dados.map(({ valorCentavos }) => valorCentavos),
      resumo.dados[0]?.moeda,
    );
  if (resumo.dados.some(({ aConfirmar }) => aConfirmar)) return [];
  const moeda = resumo.dados.find(({ reembolsoCentavos }) => reembolsoCentavos !== '0')?.moeda;
  return emLinha(
    'Total do reembolso',
    resumo.dados.map(({ reembolsoCentavos }) => reembolsoCentavos),
    moeda,
  );
}

function emLinha(rotulo: string, centavos: readonly string[], moeda = 'BRL'): Linha[] {
  const soma = centavos.reduce((total, valor) => total + BigInt(valor), 0n);
  return soma === 0n ? [] : [{ rotulo, valor: formatarDinheiro(Dinheiro.deCentavos(soma, moeda)) }];
}
