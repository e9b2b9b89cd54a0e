import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { UsuariosRepository } from '../../contas/application/ports.ts';
import { pedirRedefinicao } from '../domain/redefinicao.ts';
import type { CodigosDeRedefinicao, Pedido, Transacao } from './ports.ts';

interface Deps {
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly codigos: CodigosDeRedefinicao;
  readonly clock: Clock;
}

/** What nobody waits for any more is not mailed when the service comes back. */
const ESPERADO_DURANTE_MS = 30 * 60_000;

/** Has a code for a new password mailed to those who asked for one and have an account, as often as one mailbox bears. */
export class MandarRedefinicaoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Answers at most so many requests, one transaction each; how many there were. One that cannot be answered goes behind the
   * others: whoever could make such a one must not keep everybody from a new password.
   */
  async execute(limit: number): Promise<number> {
    for (let done = 0; done < limit; done++) if (!(await this.#one())) return done;
    return limit;
  }

  async #one(): Promise<boolean> {
    const { uow, clock } = this.#deps;
    let email: string | undefined;
    try {
      return await uow.run(async (tx) => {
        const pedido = await tx.redefinicoes.tomarPedido();
        email = pedido?.email;
        if (pedido) await this.#answer(tx, pedido);
        return pedido !== undefined;
      });
    } catch (error) {
      const adiado = email;
      if (adiado !== undefined)
        await uow.run(({ redefinicoes }) => redefinicoes.adiarPedido(adiado, clock.now()));
      throw error;
    }
  }

  async #answer({ redefinicoes, usuarios }: Transacao, pedido: Pedido): Promise<void> {
    const { codigos, clock } = this.#deps;
    const em = clock.now();
    if (em.getTime() - pedido.em.getTime() > ESPERADO_DURANTE_MS) return;
    const { email } = pedido;
    const usuarioId = await contaDe(usuarios, email, em);
    // The account before its code, as whoever sets the password or removes the account locks them, too.
    const usuario = usuarioId === undefined ? undefined : await usuarios.findOwnToChange(usuarioId);
    if (usuarioId === undefined || !usuario?.estado.ativo) return;
    const deixado = usuario.estado.email !== email;
    const volta = deixado ? await redefinicoes.paraVoltar(usuarioId, email, em) : undefined;
    if (deixado && !volta) return;
    const anterior = volta ? volta.anterior : await redefinicoes.daConta(usuarioId);
    const codigo = codigos.novo();
    const nova = { usuarioId, email, voltaAte: volta?.ate, codigoHash: codigos.digest(codigo) };
    const redefinicao = pedirRedefinicao(anterior, nova, em);
    if (redefinicao) await redefinicoes.save(redefinicao, codigo, em, pedido);
  }
}

/** One that may come back to the address comes first: nobody else can have verified it. */
async function contaDe(usuarios: UsuariosRepository, email: string, em: Date): Promise<string | undefined> {
  const volta = await usuarios.voltaPara(email, em);
  return volta?.usuarioId ?? (await usuarios.findByEmail(email))?.estado.id;
}
