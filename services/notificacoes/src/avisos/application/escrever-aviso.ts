import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { comIdentidades } from '../../mensagens/application/identidades.ts';
import { anotarRetirada, escreverPorCanais } from '../../mensagens/application/registro.ts';
import type { SemCanal } from '../../mensagens/domain/canais.ts';
import type { Modelos } from '../../modelos/application/modelos.ts';
import type { ModeloComDados } from '../../modelos/domain/modelo.ts';
import type { Transacao } from './ports.ts';

/** What auth has to tell the owner of an account. */
export interface EscreverAvisoCommand {
  readonly usuarioId: string;
  /** Of the event: however often it comes, it is one message. */
  readonly mensagemId: string;
  readonly conteudo: Extract<
    ModeloComDados,
    { modelo: 'AVISO_DE_SEGURANCA' | 'REDEFINICAO_SENHA' | 'TROCA_DE_EMAIL' }
  >;
  readonly em: Date;
}

interface Deps {
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly modelos: Modelos;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
}

/** As long as auth takes a code for a new password or another address. */
const CODIGO_VALE_MS = 30 * 60_000;

/** Writes down a message about the security of an account. Of the codes of one kind the newest one is sent: it voids the others. */
export class EscreverAvisoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute(command: EscreverAvisoCommand): Promise<void> {
    const { ids, uow } = this.#deps;
    return comIdentidades(ids, 1, (identidades) =>
      uow.run(async (tx) => {
        const mensagem = this.#mensagem(command);
        if (await escreverPorCanais(tx, [mensagem], identidades))
          await retirarAnteriores(tx, mensagem, alcance(command));
      }),
    );
  }

  #mensagem({ usuarioId, mensagemId, conteudo, em }: EscreverAvisoCommand): SemCanal {
    const agora = this.#deps.clock.now();
    const vence = conteudo.modelo !== 'AVISO_DE_SEGURANCA';
    return {
      ...conteudo,
      clienteId: usuarioId,
      reservaId: '',
      fato: `${usuarioId}/${mensagemId}`,
      assunto: (idioma) => this.#deps.modelos.em(idioma).assunto(conteudo),
      criadoEm: agora,
      devidaEm: agora,
      validoAte: vence ? new Date(em.getTime() + CODIGO_VALE_MS) : undefined,
      grupo: undefined,
    };
  }
}

/** An account that may come back to an address has a code for a new password at each of both; of another address it has one. */
function alcance({ conteudo }: EscreverAvisoCommand): string | undefined {
  return conteudo.modelo === 'REDEFINICAO_SENHA' ? conteudo.dados.email : undefined;
}

async function retirarAnteriores(
  tx: Transacao,
  { modelo, clienteId, validoAte, criadoEm }: SemCanal,
  email: string | undefined,
): Promise<void> {
  if (validoAte === undefined) return;
  for (const retirada of await tx.fila.retirarVencidas(clienteId, modelo, validoAte, email))
    await anotarRetirada(tx, retirada, 'overtaken by a newer code', criadoEm);
}
