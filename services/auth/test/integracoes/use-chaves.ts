import type { FixedClock } from '@plataforma/testing/fixed-clock';
import { useMfa } from '../mfa/use-mfa.ts';
import type { AuthSettings } from '../support/auth-under-test.ts';
import { verificar } from '../support/enderecos.ts';
import { as, pessoa } from '../support/use-auth.ts';

interface Dono {
  readonly quem: { readonly password: string };
  readonly session: { readonly accessToken: string };
}

interface Pedido {
  readonly nome?: string;
  readonly escopos?: string[];
  readonly validadeDias?: number;
  readonly password?: string;
  readonly codigo?: string;
}

/** What a token endpoint answers. */
export interface Resposta {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly access_token?: string;
    readonly token_type?: string;
    readonly expires_in?: number;
    readonly scope?: string;
    readonly error?: string;
    readonly error_description?: string;
  };
}

/** auth for the specs of a file, with people who have API keys. */
export function useChaves(clock: FixedClock, settings: AuthSettings = {}) {
  const { auth, rpc, ...others } = useMfa(clock, settings);

  /** Signed up, verified and logged in. */
  async function verificada() {
    const quem = pessoa();
    const { id } = await rpc.auth.signup(quem);
    await verificar({ auth, rpc }, id);
    return { quem, id, session: await rpc.auth.login(quem) };
  }

  function criar({ quem, session }: Dono, pedido: Pedido = {}) {
    const request = { nome: 'ERP', escopos: ['espacos:ler', 'reservas:ler'], password: quem.password };
    return rpc.chaves.criarChave({ ...request, ...pedido }, as(session));
  }

  async function lista({ session }: Pick<Dono, 'session'>) {
    return (await rpc.chaves.listarChaves({ pageSize: 100 }, as(session))).chaves;
  }

  /** Kind, outcome and detail of what is recorded about the account, oldest first. */
  async function eventosDa({ id }: { readonly id: string }): Promise<string[][]> {
    const rows: Array<Record<'tipo' | 'resultado' | 'detalhe', string>> = await auth.dataSource.query(
      'select tipo, resultado, detalhe from eventos_seguranca where usuario_id = $1 order by id',
      [id],
    );
    return rows.map(({ tipo, resultado, detalhe }) => [tipo, resultado, detalhe]);
  }

  /** Asks for a token; the form as it is to be sent. */
  async function pedir(
    form: Record<string, string> | string,
    headers: Record<string, string> = {},
    query = '',
  ): Promise<Resposta> {
    const response = await fetch(`http://127.0.0.1:${auth.httpPort}/api/v1/oauth/token${query}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
    });
    const body = (await response.json()) as Resposta['body'];
    return { status: response.status, headers: response.headers, body };
  }

  /** A token for the key, as libraries ask for it. */
  const trocar = ({ id, segredo }: { id: string; segredo: string }, more: Record<string, string> = {}) =>
    pedir({ grant_type: 'client_credentials', client_id: id, client_secret: segredo, ...more });

  return { auth, rpc, ...others, verificada, criar, lista, eventosDa, pedir, trocar };
}
