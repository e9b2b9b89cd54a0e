import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import {
  EntregaNaoEncontradaError,
  PeriodoInvalidoError,
  WebhookDesativadoError,
  WebhookNaoEncontradoError,
} from '../domain/recusa.ts';
import { type Entrega, GUARDA_MS, MAXIMO_REPETIDOS } from '../domain/webhook.ts';
import type { Repeticao, Transacao } from './ports.ts';

interface Deps {
  readonly clock: Clock;
  /** Of an event that only a test tells. */
  readonly novoId: () => string;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
}

type Recusa = WebhookNaoEncontradoError | WebhookDesativadoError;

/** What administrators have sent besides what happens. */
export class RepetirEntregasHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async reentregar(
    webhookId: string,
    eventoId: string,
  ): Promise<Result<Entrega, Recusa | EntregaNaoEncontradaError>> {
    const { clock, uow } = this.#deps;
    return uow.run(async (tx) => {
      await tx.claimKey(eventoId);
      const recusa = await recusado(tx, webhookId);
      if (recusa) return Result.fail(recusa);
      await tx.entregas.repetir(webhookId, eventoId, clock.now());
      const entrega = await tx.entregas.findById(webhookId, eventoId);
      return entrega ? Result.ok(entrega) : Result.fail(new EntregaNaoEncontradaError());
    });
  }

  async testar(webhookId: string): Promise<Result<Entrega, Recusa>> {
    const { clock, uow, novoId } = this.#deps;
    const id = `teste_${novoId()}`;
    return uow.run(async (tx) => {
      await tx.claimKey(id);
      const recusa = await recusado(tx, webhookId);
      if (recusa) return Result.fail(recusa);
      const agora = clock.now();
      await tx.entregas.registrarPara(
        webhookId,
        {
          ...{
            id,
            tipo: 'WEBHOOK_TESTE',
            chave: `teste:${id}`,
            versao: 1,
            reservaId: '',
            espacoId: undefined,
          },
          ...{ ocorridoEm: agora, dados: { webhookId } },
        },
        agora,
      );
      return Result.ok((await tx.entregas.findById(webhookId, id)) as Entrega);
    });
  }

  async repetir(
    webhookId: string,
    periodo: { readonly de: Date; readonly ate: Date },
  ): Promise<Result<Repeticao, Recusa | PeriodoInvalidoError>> {
    const { clock, uow } = this.#deps;
    const agora = clock.now();
    if (periodo.ate <= periodo.de || periodo.de.getTime() < agora.getTime() - GUARDA_MS)
      return Result.fail(new PeriodoInvalidoError());
    return uow.run(async (tx) => {
      const recusa = await recusado(tx, webhookId);
      if (recusa) return Result.fail(recusa);
      return Result.ok(await tx.entregas.repetirPeriodo(webhookId, periodo, agora, MAXIMO_REPETIDOS));
    });
  }
}

async function recusado(
  { webhooks }: Pick<Transacao, 'webhooks'>,
  webhookId: string,
): Promise<Recusa | undefined> {
  const webhook = await webhooks.findById(webhookId);
  if (!webhook) return new WebhookNaoEncontradoError();
  return webhook.desativadoPor ? new WebhookDesativadoError() : undefined;
}
