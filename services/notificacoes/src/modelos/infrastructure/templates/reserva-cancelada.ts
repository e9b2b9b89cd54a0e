import type { Anexo, Contato } from '../../../canais/domain/mensagem.ts';
import { escreverCalendario } from '../../domain/calendario.ts';
import type { DadosReservaCancelada } from '../../domain/modelo.ts';
import { umaLinha } from '../leiaute/formatos.ts';
import { COR, type Linha } from '../leiaute/leiaute.ts';
import { assuntoDe, dinheiroDe, ondeEQuando, previaDe, uidDe } from '../leiaute/reserva.ts';
import type { Template } from '../leiaute/template.ts';

/** Says that a reservation is off, what comes back, and takes the entry out of the calendar if it was put there. */
export const reservaCancelada: Template<DadosReservaCancelada> = {
  assunto: (dados) => assuntoDe('Reserva cancelada', dados),
  visao: (dados) => ({
    previa: previaDe(dados),
    selo: { texto: 'Cancelamento', cor: COR.alerta },
    cabecalho: 'Reserva cancelada',
    introducao: `Sua reserva foi cancelada. ${oQueVolta(dados)}`,
    abertura: `Sua reserva foi cancelada. ${oQueVolta(dados)}`,
    linhas: [
      ...ondeEQuando(dados),
      { rotulo: 'Motivo', valor: umaLinha(dados.motivo) },
      ...reembolso(dados),
      { rotulo: 'Crédito para próximas reservas', valor: valorOuNada(dados.creditoCentavos, dados.moeda) },
      { rotulo: 'Reserva', valor: dados.reservaId },
      { rotulo: 'Pagamento', valor: dados.pagamentoId },
    ],
    fecho: fecho(dados),
  }),
  anexos: (dados, remetente) => (dados.comCalendario ? [calendario(dados, remetente)] : []),
};

/** As it moves: what comes back as credit and what goes to the card apart, when it is both. */
function reembolso({
  reembolsoCentavos,
  reembolsoCreditosCentavos: creditos = '0',
  aConfirmar,
  moeda,
}: DadosReservaCancelada): Linha[] {
  if (aConfirmar) return [];
  const total = { rotulo: 'Reembolso', valor: valorOuNada(reembolsoCentavos, moeda) };
  if (creditos === '0') return [total];
  const noCartao = `${BigInt(reembolsoCentavos) - BigInt(creditos)}`;
  return [
    total,
    { rotulo: 'Reembolso como crédito', valor: dinheiroDe(creditos, moeda) },
    { rotulo: 'Reembolso no cartão', valor: valorOuNada(noCartao, moeda) },
  ];
}

function oQueVolta({ reembolsoCentavos, creditoCentavos, aConfirmar }: DadosReservaCancelada): string {
  const [reembolso, credito] = [reembolsoCentavos !== '0', creditoCentavos !== '0'];
  if (aConfirmar) {
    const bonus = credito ? ' Você recebeu um crédito para próximas reservas.' : '';
    return `O valor do reembolso ainda está sendo confirmado; avisaremos quando o dinheiro voltar.${bonus}`;
  }
  if (reembolso && credito)
    return 'O reembolso volta pela mesma forma do pagamento, e você recebeu um crédito para próximas reservas.';
  if (reembolso)
    return 'O reembolso volta pela mesma forma do pagamento; avisaremos quando estiver concluído.';
  if (credito) return 'Você recebeu um crédito para próximas reservas.';
  return 'Não há valor a devolver.';
}

const valorOuNada = (centavos: string, moeda: string) =>
  centavos === '0' ? '' : dinheiroDe(centavos, moeda);

function fecho({ comCalendario, reservaId }: DadosReservaCancelada): string {
  const agenda = comCalendario ? 'O arquivo anexo retira a reserva da sua agenda. ' : '';
  return `${agenda}Para ver os detalhes, entre na plataforma e procure a reserva ${reservaId}.`;
}

function calendario(dados: DadosReservaCancelada, remetente: Contato): Anexo {
  const conteudo = escreverCalendario({
    uid: uidDe(dados.reservaId, remetente),
    situacao: 'CANCELADO',
    sequencia: dados.versao ?? 1,
    geradoEm: new Date(dados.canceladaEm),
    inicio: new Date(dados.inicio),
    fim: new Date(dados.fim),
    titulo: umaLinha(dados.espacoNome),
    descricao: `Reserva cancelada: ${dados.reservaId}`,
    local: '',
    organizador: { nome: remetente.nome || remetente.email, email: remetente.email },
  });
  return {
    nome: `reserva-${dados.reservaId}-cancelada.ics`,
    tipo: 'text/calendar; charset=utf-8; method=CANCEL',
    conteudo,
  };
}
