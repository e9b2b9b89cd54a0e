import { UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import type { ItemDeApagamento } from '@plataforma/contratos/comum/v1/apagamento_pb';
import { AcaoSobreDados } from '@plataforma/contratos/comum/v1/apagamento_pb';
import { DadosPessoaisApagadosSchema as DeNotificacoes } from '@plataforma/contratos/notificacoes/v1/eventos_pb';
import { DadosPessoaisApagadosSchema as DePagamentos } from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { DadosPessoaisApagadosSchema as DeReservas } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { nameFrom } from '@plataforma/runtime/enum-names';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { type EventSubscription, on, PermanentError } from '@plataforma/runtime/event-message';
import type { ConcluirParteHandler } from '../application/concluir-parte.ts';
import type { Item, Servico } from '../domain/remocao.ts';

type Handler = Pick<ConcluirParteHandler, 'execute' | 'executeHere'>;

/** What the services answer, auth itself among them: what it has outside of its database goes behind its own event. */
export function remocoesConsumers(handler: Handler): ConsumeOptions[] {
  const answered =
    (servico: Servico) =>
    async ({ usuarioId, itens }: { usuarioId: string; itens: readonly ItemDeApagamento[] }) => {
      known(await handler.execute(usuarioId, { servico, itens: itens.map(itemFrom) }), usuarioId);
    };
  return [
    consumer(
      'auth',
      on(UsuarioRemovidoSchema, async ({ usuarioId }) => {
        known(await handler.executeHere(usuarioId), usuarioId);
      }),
    ),
    consumer('reservas', on(DeReservas, answered('reservas'))),
    consumer('pagamentos', on(DePagamentos, answered('pagamentos'))),
    consumer('notificacoes', on(DeNotificacoes, answered('notificacoes'))),
  ];
}

function consumer(servico: Servico, subscription: EventSubscription): ConsumeOptions {
  return {
    stream: servico.toUpperCase(),
    durable: `auth-remocoes-${servico}`,
    filter: `${servico}.v1.>`,
    on: [subscription],
  };
}

/** Such as after a backup of before the removal was restored: an operator has to look. */
function known(conhecida: boolean, usuarioId: string): void {
  if (!conhecida) throw new PermanentError(`no removal of ${usuarioId} is known`);
}

function itemFrom({ dados, acao, quantidade, motivo }: ItemDeApagamento): Item {
  const nome = nameFrom(AcaoSobreDados, acao);
  if (nome === undefined) throw new PermanentError(`no words for what became of ${dados}`);
  return { dados, acao: nome, quantidade, motivo };
}
