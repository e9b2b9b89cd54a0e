import type { HttpRequest, HttpRoute } from '@plataforma/runtime/http-routes';
import { DESCADASTRO, DESCADASTRO_PAGINA } from '../../contrato/presentation/acesso.ts';
import { nomeDe, type TokensDeDescadastro } from '../application/descadastro.ts';
import type { DesligarHandler } from '../application/desligar.ts';
import { confirmar, desconhecido, pedirDeNovo, perguntar } from './descadastro-paginas.ts';

interface Deps {
  readonly tokens: Pick<TokensDeDescadastro, 'alvo'>;
  readonly desligar: Pick<DesligarHandler, 'execute'>;
}

/** What is posted is one line. */
const MAX_BYTES = 1024;

/** Where a token leads to. */
export const enderecoDoDescadastro = (publicUrl: string, token: string): string =>
  `${publicUrl.replace(/\/+$/, '')}${DESCADASTRO.path.slice(0, -1)}${token}`;

/** Programs that look at links in e-mails only read: a page with a button is all they get. */
export function descadastroPaginaRoute({ tokens }: Pick<Deps, 'tokens'>): HttpRoute {
  return {
    ...DESCADASTRO_PAGINA,
    async handle({ rest }) {
      const alvo = tokens.alvo(rest);
      return alvo === undefined ? desconhecido() : perguntar(nomeDe(alvo));
    },
  };
}

/**
 * Ends messages by the link in one of them (RFC 8058), for a mail program or for the button of the page: once, and without a
 * word about whether there still is such an account.
 */
export function descadastroRoute({ tokens, desligar }: Deps): HttpRoute {
  return {
    ...DESCADASTRO,
    maxBytes: MAX_BYTES,
    async handle(request) {
      const alvo = tokens.alvo(request.rest);
      if (alvo === undefined) return desconhecido();
      if (!ehUmClique(request)) return pedirDeNovo(nomeDe(alvo));
      const desligada = await desligar.execute({ ...alvo, por: 'LINK' });
      return desligada.isSuccess ? confirmar(nomeDe(alvo)) : desconhecido();
    },
  };
}

/** RFC 8058, 3.2: as a form of either kind. */
function ehUmClique({ headers, body }: HttpRequest): boolean {
  const tipo = (headers['content-type'] ?? '').toLowerCase();
  if (tipo.startsWith('application/x-www-form-urlencoded'))
    return new URLSearchParams(body.toString('latin1')).get('List-Unsubscribe') === 'One-Click';
  if (!tipo.startsWith('multipart/form-data')) return false;
  return /name="?List-Unsubscribe"?[^\r\n]*\r?\n(?:[^\r\n]+\r?\n)*\r?\nOne-Click\r?\n--/i.test(
    body.toString('latin1'),
  );
}
