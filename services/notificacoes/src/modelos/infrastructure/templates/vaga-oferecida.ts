import type { DadosVagaOferecida } from '../../domain/modelo.ts';
import { formatarHoraComFuso } from '../leiaute/formatos.ts';
import { COR } from '../leiaute/leiaute.ts';
import { acaoNaWeb, assuntoDe, dinheiroDe, ondeEQuando, previaDe } from '../leiaute/reserva.ts';
import type { Template } from '../leiaute/template.ts';

/** Says that a slot is held for the reader, until when, and how they take it: by accepting it or by paying. */
export const vagaOferecida: Template<DadosVagaOferecida> = {
  assunto: (dados) => assuntoDe(dados.porPessoa ? 'Reserva à sua espera' : 'Sua vez na fila', dados),
  visao: (dados) => ({
    previa: previaDe(dados),
    selo: { texto: dados.porPessoa ? 'Falta você aceitar' : 'Vaga liberada', cor: COR.boa },
    cabecalho: dados.porPessoa ? 'Fizeram uma reserva para você' : 'Chegou a sua vez na fila',
    introducao: frase(dados),
    abertura: frase(dados),
    linhas: [...ondeEQuando(dados), ...valores(dados), { rotulo: 'Reserva', valor: dados.reservaId }],
    acao: acaoNaWeb(dados.creditosCentavos ? 'Pagar o restante' : 'Pagar e confirmar', dados.checkoutUrl),
    fecho: dados.porPessoa
      ? 'Se não quiser a reserva, não precisa fazer nada: nada será cobrado e o horário será liberado.'
      : 'Se não quiser mais a vaga, saia da fila na plataforma: assim ela passa logo para a próxima pessoa.',
  }),
};

function valores({ valorCentavos, creditosCentavos, moeda }: DadosVagaOferecida) {
  const valor = { rotulo: 'Valor', valor: dinheiroDe(valorCentavos, moeda) };
  if (creditosCentavos === undefined) return [valor];
  const falta = String(BigInt(valorCentavos) - BigInt(creditosCentavos));
  return [
    valor,
    { rotulo: 'Seus créditos', valor: dinheiroDe(creditosCentavos, moeda) },
    { rotulo: 'Falta pagar', valor: dinheiroDe(falta, moeda) },
  ];
}

function frase({ expiraEm, fusoHorario, porPessoa, ...dados }: DadosVagaOferecida): string {
  const ate = formatarHoraComFuso(new Date(expiraEm), fusoHorario);
  const oque = porPessoa
    ? 'Quem gere o espaço guardou este horário para você.'
    : 'O horário que você esperava está guardado para você.';
  const depois = porPessoa
    ? 'depois disso o horário é liberado'
    : 'depois disso a vaga passa para a próxima pessoa da fila';
  return `${oque} ${como(dados, ate)}; ${depois}.`;
}

function como(
  { valorCentavos, creditosCentavos }: Pick<DadosVagaOferecida, 'valorCentavos' | 'creditosCentavos'>,
  ate: string,
): string {
  if (valorCentavos === '0') return `Aceite a reserva na plataforma até ${ate}: não há nada a pagar`;
  if (creditosCentavos)
    return `Seus créditos já pagaram uma parte: pague o restante até ${ate} para confirmar`;
  return `Para ficar com ele, até ${ate}, pague com cartão ou aceite a reserva na plataforma e seus créditos pagam o que puderem`;
}
