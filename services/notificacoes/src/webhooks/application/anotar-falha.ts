import type { Clock } from '@plataforma/domain/clock';
import { type IdGenerator, withNewId } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { escrever } from '../../mensagens/application/registro.ts';
import type { NovaNotificacao } from '../../mensagens/domain/notificacao.ts';
import type { Modelos } from '../../modelos/application/modelos.ts';
import type { Consequencia, Falha } from '../domain/politica-de-entrega.ts';
import type {
  EntregaDevida,
  Tentativa,
  TransacaoDeEnvio,
  WebhookDesativado,
  WebhookTomado,
} from './ports.ts';

interface Deps {
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly modelos: Pick<Modelos, 'em'>;
  readonly uow: Pick<UnitOfWork<TransacaoDeEnvio>, 'run'>;
}

/** Notes a request that failed. Who made an address that is disabled by it is written to in the same transaction, once. */
export class AnotarFalhaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Answers whether this has disabled the address. */
  async execute(
    webhook: WebhookTomado,
    entrega: EntregaDevida,
    tentativa: Tentativa,
    consequencia: Consequencia,
  ): Promise<boolean> {
    const { ids, uow } = this.#deps;
    const { desativar } = consequencia;
    if (desativar === undefined) {
      await uow.run(({ saida }) => saida.marcarFalha(webhook, entrega, tentativa, consequencia));
      return false;
    }
    return withNewId(ids, 'not', (id) =>
      uow.run(async (tx) => {
        await tx.saida.marcarFalha(webhook, entrega, tentativa, consequencia);
        const desativado = await tx.saida.desativar(webhook, desativar);
        if (desativado) await escrever(tx, this.#mensagem(id, desativado, desativar, tentativa));
        return desativado !== undefined;
      }),
    );
  }

  #mensagem(
    id: string,
    { webhookId, donoId, nome, url, falhandoDesde }: WebhookDesativado,
    causa: Falha,
    { resultado }: Tentativa,
  ): NovaNotificacao {
    const { clock, modelos } = this.#deps;
    const em = clock.now();
    const conteudo = {
      modelo: 'WEBHOOK_DESATIVADO',
      dados: {
        ...{ webhookId, nomeDoWebhook: nome, receptor: new URL(url).host, causa },
        falhandoDesde: (falhandoDesde ?? em).toISOString(),
        em: em.toISOString(),
        ultimoStatus: resultado.tipo === 'RESPONDIDA' ? resultado.status : 0,
      },
    } as const;
    return {
      ...conteudo,
      ...{ id, clienteId: donoId, canal: 'EMAIL', reservaId: '' },
      assunto: (idioma) => modelos.em(idioma).assunto(conteudo),
      // It may be enabled and fail again, and is told again then.
      fato: `${webhookId}/${em.toISOString()}`,
      ...{ criadoEm: em, devidaEm: em, validoAte: undefined, grupo: undefined },
    };
  }
}
