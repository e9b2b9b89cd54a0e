import type { DadosVagaOferecida } from '../domain/notificacao.ts';
import { formatarHoraComFuso } from './formatos.ts';
import { COR } from './leiaute.ts';
import { acaoNaWeb, assuntoDe, dinheiroDe, ondeEQuando, previaDe } from './reserva.ts';
import type { Template } from './template.ts';

/** Says that a slot is held for somebody who waited for it, until when and where it can be paid. */
export const vagaOferecida: Template<DadosVagaOferecida> = {
  assunto: (dados) => assuntoDe('Sua vez na fila', dados),
  visao: (dados) => ({
    previa: previaDe(dados),
    selo: { texto: 'Vaga liberada', cor: COR.boa },
    cabecalho: 'Chegou a sua vez na fila',
    introducao: frase(dados),
    abertura: frase(dados),
    linhas: [
      ...ondeEQuando(dados),
      { rotulo: 'Valor', valor: dinheiroDe(dados.valorCentavos, dados.moeda) },
      { rotulo: 'Reserva', valor: dados.reservaId },
    ],
    acao: acaoNaWeb('Pagar e confirmar', dados.checkoutUrl),
    fecho:
      'Se não quiser mais a vaga, saia da fila na plataforma: assim ela passa logo para a próxima pessoa.',
  }),
};

function frase({ expiraEm, fusoHorario }: DadosVagaOferecida): string {
  const ate = formatarHoraComFuso(new Date(expiraEm), fusoHorario);
  return `O horário que você esperava está guardado para você. Pague até ${ate} para confirmar a reserva; depois disso a vaga passa para a próxima pessoa da fila.`;
}
