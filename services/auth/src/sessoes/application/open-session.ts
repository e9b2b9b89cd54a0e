import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Transacao as DaAuditoria } from '../../auditoria/application/ports.ts';
import type { Transacao as DosAvisos } from '../../avisos/application/ports.ts';
import type { ConsultaDeUsuarios, Transacao as DasContas } from '../../contas/application/ports.ts';
import { sessaoVale, type Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { Devices } from '../../credenciais/application/ports.ts';
import { conhecido } from '../../credenciais/domain/aparelho.ts';
import type { Metodo } from '../domain/metodo.ts';
import type { EndSession } from './end-session.ts';
import { type Granting, grantAccess, type TokensGranted } from './grant-access.ts';
import type { Entradas, Session, Sessions } from './ports.ts';

interface Deps extends Granting {
  readonly sessions: Sessions;
  readonly endSession: EndSession;
  readonly entradas: Entradas;
  readonly devices: Pick<Devices, 'dono' | 'recognise'>;
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly uow: Pick<UnitOfWork<DaAuditoria & DasContas & DosAvisos>, 'run'>;
  readonly clock: Clock;
}

/**
 * Opens a session of a person who has just proved who they are: every way in ends here. The proof takes a while, in which the account
 * may be removed or all of its sessions ended: then there is nothing to open, and nothing of the call is kept about who is gone.
 */
export class OpenSession {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * @param usuario as it was read before the proof
   * @param metodos by which they have proved it; at least one.
   * @returns undefined when the account is gone since then, or its sessions have ended.
   */
  async execute(
    usuario: Usuario,
    origem: Origem,
    metodos: readonly Metodo[],
  ): Promise<TokensGranted | undefined> {
    const { sessions, endSession } = this.#deps;
    const { id: usuarioId, geracaoSessoes: geracao } = usuario.estado;
    // Before the session: nobody is let in unrecorded.
    if (!(await this.#registrar(usuario, origem, metodos))) return undefined;
    // Before the session, too: a removal that finds that forgets this with it.
    const estranha = await this.#estranha(usuario, origem);
    const { session, refreshToken, excedentes } = await sessions.open({
      ...{ usuarioId, geracao, origem, metodos },
    });
    if (await this.#desfeita(session)) return undefined;
    if (estranha) await this.#avisar(usuarioId, origem);
    for (const excedente of excedentes)
      await endSession.execute(excedente, { usuarioId, autorId: usuarioId, origem });
    return { refreshToken, ...(await grantAccess(this.#deps, usuario, session)) };
  }

  /** Who has not proved their address is told nothing there: it may be another person's. */
  #estranha({ estado }: Usuario, origem: Origem): Promise<boolean> {
    const { entradas, devices } = this.#deps;
    const aparelho = conhecido(devices.recognise(origem.aparelho, estado.email), devices.dono(estado));
    const calada = aparelho !== undefined || !estado.emailVerificado;
    return entradas.estranha(estado.id, origem, calada);
  }

  #avisar(usuarioId: string, origem: Origem): Promise<void> {
    const { uow, clock } = this.#deps;
    return uow.run(({ avisos }) =>
      avisos.avisar({ usuarioId, tipo: 'DISPOSITIVO_NOVO', origem, em: clock.now() }),
    );
  }

  /** Under the lock of the account, so that no login is recorded of who is gone. False when there is none to record. */
  #registrar({ estado }: Usuario, origem: Origem, metodos: readonly Metodo[]): Promise<boolean> {
    const { uow, clock } = this.#deps;
    const { id: usuarioId, geracaoSessoes } = estado;
    return uow.run(async ({ usuarios, auditoria }) => {
      const agora = await usuarios.findToChange(usuarioId);
      if (!agora || !sessaoVale(agora.estado, geracaoSessoes)) return false;
      await auditoria.registrar({
        ...{ tipo: 'LOGIN', resultado: 'FEITO', detalhe: metodos.join('+') },
        ...{ autorId: usuarioId, usuarioId, origem, em: clock.now() },
      });
      return true;
    });
  }

  /**
   * Whether the account was removed, or its sessions ended, before the session was there: a removal that comes later finds it and
   * forgets it, one that came before has looked already.
   */
  async #desfeita({ sessaoId, usuarioId, geracao }: Session): Promise<boolean> {
    const { sessions, consulta } = this.#deps;
    const agora = await consulta.findById(usuarioId);
    if (agora && sessaoVale(agora.estado, geracao)) return false;
    if (agora) await sessions.end(sessaoId);
    else await sessions.forget(usuarioId);
    return true;
  }
}
