import { Dinheiro } from '@plataforma/domain/dinheiro';
import type {
  DadosReservaCancelada,
  DadosReservaConfirmada,
  DadosReservaRecebida,
  DetalhesDaReserva,
} from '../../../domain/modelo.ts';
import type { Resumo } from '../../../domain/resumo.ts';
import type { Idioma } from '../../idiomas/idioma.ts';
import { type Curta, nomeCurto } from '../../leiaute/curto.ts';
import { COR, type Linha, type Visao } from '../../leiaute/leiaute.ts';
import { dinheiroDe, dinheiroOuNada, faltaPagar, MAX_NOME_NO_ASSUNTO } from '../../leiaute/reserva.ts';
import { umaLinha } from '../../leiaute/uma-linha.ts';

/** Subject line of several messages in one. */
export function assuntoDoResumo(resumo: Resumo, idioma: Idioma): string {
  const espaco = umaLinha(resumo.dados[0]?.espacoNome ?? '', MAX_NOME_NO_ASSUNTO);
  return idioma.t('resumo.assunto', { titulo: titulo(resumo, idioma), espaco });
}

/** What became of occurrences of one series, in the order of their dates. */
export function visaoDoResumo(resumo: Resumo, idioma: Idioma): Visao {
  const { dados } = resumo;
  const introducao = frase(resumo, idioma);
  const cabecalho = titulo(resumo, idioma);
  const espaco = umaLinha(dados[0]?.espacoNome ?? '');
  return {
    previa: `${cabecalho} · ${espaco}`,
    selo: {
      texto: idioma.t('resumo.selo'),
      cor: resumo.modelo === 'RESERVA_CONFIRMADA' ? COR.boa : COR.alerta,
    },
    cabecalho,
    introducao,
    abertura: introducao,
    linhas: [
      { rotulo: idioma.t('rotulos.espaco'), valor: espaco },
      ...ocorrencias(resumo, idioma),
      ...total(resumo, idioma),
    ],
    fecho: idioma.t('resumo.fecho'),
    porque: idioma.t('leiaute.porqueReservas'),
  };
}

/** In few words: however many they are, it is one SMS and one notice. */
export function curtaDoResumo(resumo: Resumo, idioma: Idioma): Curta {
  const [primeira] = resumo.dados;
  const serieId = primeira?.serieId;
  const valores = { espaco: nomeCurto(primeira?.espacoNome ?? ''), titulo: titulo(resumo, idioma) };
  return {
    titulo: valores.titulo,
    corpo: idioma.t('resumo.push', valores),
    sms: idioma.t('resumo.sms', valores),
    ...(serieId !== undefined && { caminho: `/series/${encodeURIComponent(serieId)}` }),
  };
}

const titulo = ({ modelo, dados }: Resumo, idioma: Idioma) =>
  idioma.t(`resumo.titulo.${modelo}`, { n: dados.length });

function frase({ modelo, dados }: Resumo, idioma: Idioma): string {
  if (modelo !== 'RESERVA_CANCELADA') return idioma.t(`resumo.frase.${modelo}`);
  const volta = dados.some(({ reembolsoCentavos, aConfirmar }) => aConfirmar || reembolsoCentavos !== '0');
  return idioma.t('resumo.frase.RESERVA_CANCELADA', {
    volta: idioma.t(volta ? 'reservaCancelada.volta.reembolso' : 'reservaCancelada.volta.nada'),
  });
}

function ocorrencias(resumo: Resumo, idioma: Idioma): Linha[] {
  const linhas =
    resumo.modelo === 'RESERVA_CONFIRMADA'
      ? resumo.dados.map((dados) => linha(dados, pago(dados, idioma), idioma))
      : resumo.modelo === 'RESERVA_CANCELADA'
        ? resumo.dados.map((dados) => linha(dados, volta(dados, idioma), idioma))
        : resumo.modelo === 'RESERVA_RECEBIDA'
          ? resumo.dados.map((dados) => linha(dados, aPagar(dados, idioma), idioma))
          : resumo.dados.map((dados) => linha(dados, '', idioma));
  return linhas.sort((a, b) => a.inicio.localeCompare(b.inicio));
}

function linha({ inicio, fusoHorario, reservaId }: DetalhesDaReserva, dinheiro: string, idioma: Idioma) {
  const rotulo = idioma.inicioCurto(new Date(inicio), fusoHorario);
  return { inicio, rotulo, valor: [reservaId, dinheiro].filter((parte) => parte !== '').join(' · ') };
}

function aPagar(dados: DadosReservaRecebida, idioma: Idioma): string {
  const { expiraEm, fusoHorario } = dados;
  const ate = idioma.inicioCurto(new Date(expiraEm), fusoHorario);
  return idioma.t('resumo.aPagar', { valor: faltaPagar(dados, idioma), ate });
}

const pago = ({ valorCentavos, moeda }: DadosReservaConfirmada, idioma: Idioma) =>
  valorCentavos === '0' ? '' : idioma.t('resumo.pago', { valor: dinheiroDe(valorCentavos, moeda, idioma) });

function volta(dados: DadosReservaCancelada, idioma: Idioma): string {
  const { reembolsoCentavos, creditoCentavos, aConfirmar, moeda } = dados;
  const dito = (chave: 'reembolso' | 'credito', centavos: string) => {
    const valor = dinheiroOuNada(centavos, moeda, idioma);
    return valor && idioma.t(`resumo.${chave}`, { valor });
  };
  const reembolso = aConfirmar
    ? idioma.t('resumo.reembolsoAConfirmar')
    : dito('reembolso', reembolsoCentavos);
  return idioma.lista([reembolso, dito('credito', creditoCentavos)].filter((parte) => parte !== ''));
}

/** Only what is known of all of them can be added up. */
function total(resumo: Resumo, idioma: Idioma): Linha[] {
  if (resumo.modelo === 'RESERVA_EXPIRADA' || resumo.modelo === 'RESERVA_RECEBIDA') return [];
  if (resumo.modelo === 'RESERVA_CONFIRMADA') {
    const pagos = resumo.dados.map(({ valorCentavos }) => valorCentavos);
    return emLinha('rotulos.totalPago', pagos, resumo.dados[0]?.moeda, idioma);
  }
  if (resumo.dados.some(({ aConfirmar }) => aConfirmar)) return [];
  const moeda = resumo.dados.find(({ reembolsoCentavos }) => reembolsoCentavos !== '0')?.moeda;
  const voltam = resumo.dados.map(({ reembolsoCentavos }) => reembolsoCentavos);
  return emLinha('rotulos.totalDoReembolso', voltam, moeda, idioma);
}

function emLinha(
  rotulo: 'rotulos.totalPago' | 'rotulos.totalDoReembolso',
  centavos: readonly string[],
  moeda = 'BRL',
  idioma: Idioma,
): Linha[] {
  const soma = centavos.reduce((total, valor) => total + BigInt(valor), 0n);
  if (soma === 0n) return [];
  return [{ rotulo: idioma.t(rotulo), valor: idioma.dinheiro(Dinheiro.deCentavos(soma, moeda)) }];
}
