import type { Transacao as DosAvisos } from '../../avisos/application/ports.ts';
import type { Transacao as DasContas } from '../../contas/application/ports.ts';
import type { Transacao as DosFatores } from '../../fatores/application/ports.ts';
import type { LoginPendente, PendingLogins } from '../../sessoes/application/ports.ts';

/** What one transaction sees. */
export type Transacao = DasContas & DosFatores & DosAvisos;

/** Logins that wait for their second factor, as who ends them sees them. */
export interface WaitingLogins extends PendingLogins {
  /** The login that waits under the token, nothing having been counted: it tells only what an attempt may be made with. */
  look(mfaToken: string): Promise<LoginPendente | undefined>;
  /** The login that waits under the token, one attempt of few having been counted; undefined when there is none any more. */
  attempt(mfaToken: string): Promise<LoginPendente | undefined>;
  /** An attempt in which nothing was tried, as it came too soon after others, is none. */
  giveBack(mfaToken: string): Promise<void>;
  /** Ends the wait; of several that ask at once one hears true. */
  take(mfaToken: string): Promise<boolean>;
}
