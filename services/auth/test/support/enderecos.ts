import type { AuthUnderTest } from './auth-under-test.ts';
import type { clients } from './use-auth.ts';

interface Sistema {
  readonly auth: Pick<AuthUnderTest, 'dataSource'>;
  readonly rpc: ReturnType<typeof clients>;
}

/** An event as it waits to be sent. */
export interface Evento {
  readonly assunto: string;
  readonly payload: {
    readonly usuarioId?: string;
    readonly codigoVerificacao?: string;
    readonly emailVerificado?: boolean;
  };
}

/** What was announced, oldest first: of every subject that begins like this, of one account where that is given. */
export function eventosDe({ dataSource }: Sistema['auth'], assunto: string, id?: string): Promise<Evento[]> {
  return dataSource.query(
    `select assunto, payload from outbox
     where starts_with(assunto, $1) and ($2::text is null or agregado_id = $2) order by posicao`,
    [assunto, id ?? null],
  );
}

/** The owner of an account reads the mail that came with it, and follows it. */
export async function verificar({ auth, rpc }: Sistema, id: string): Promise<void> {
  const [registrado] = await eventosDe(auth, 'auth.v1.UsuarioRegistrado', id);
  await rpc.auth.verifyEmail({ codigo: registrado?.payload.codigoVerificacao ?? '' });
}

/** The accounts of an address, oldest first. */
export function contasDo(
  { dataSource }: Sistema['auth'],
  email: string,
): Promise<{ id: string; verificada: boolean; substituida: boolean }[]> {
  return dataSource.query(
    `select id, email_verificado as verificada, substituida_em is not null as substituida
     from usuarios where email = $1 order by criado_em, id`,
    [email.toLowerCase()],
  );
}
