import type { HttpRequest, HttpRoute } from '@plataforma/runtime/http-routes';
import { DESCADASTRO, DESCADASTRO_PAGINA } from '../../contrato/presentation/acesso.ts';
import { IDIOMA_PADRAO } from '../../modelos/domain/idioma-padrao.ts';
import type { TokensDeDescadastro } from '../application/descadastro.ts';
import type { DesligarHandler } from '../application/desligar.ts';
import {
  confirmar,
  desconhecido,
  type IdiomaDaPagina,
  pedirDeNovo,
  perguntar,
} from './descadastro-paginas.ts';

interface Deps {
  /** The nearest language there is to this one; that of the platform for none. */
  readonly idiomaDe: (codigo: string) => IdiomaDaPagina;
  readonly tokens: Pick<TokensDeDescadastro, 'alvo'>;
  readonly desligar: Pick<DesligarHandler, 'execute'>;
}

/** What is posted is one line. */
const MAX_BYTES = 1024;

/** Where a token leads to: a page in the language of the message that the link is in, which is said where it is another one. */
export function enderecoDoDescadastro(publicUrl: string, token: string, idioma: string): string {
  const endereco = `${publicUrl.replace(/\/+$/, '')}${DESCADASTRO.path.slice(0, -1)}${token}`;
  return idioma === IDIOMA_PADRAO ? endereco : `${endereco}?${new URLSearchParams({ idioma })}`;
}

/** The token says whose link it is and nothing is looked up for a page, so the address has it. */
const idiomaDo = ({ query }: HttpRequest) => query.get('idioma') ?? IDIOMA_PADRAO;

/** Programs that look at links in e-mails only read: a page with a button is all they get. */
export function descadastroPaginaRoute({ tokens, idiomaDe }: Omit<Deps, 'desligar'>): HttpRoute {
  return {
    ...DESCADASTRO_PAGINA,
    async handle(request) {
      const idioma = idiomaDe(idiomaDo(request));
      const alvo = tokens.alvo(request.rest);
      return alvo === undefined ? desconhecido(idioma) : perguntar(alvo, idioma);
    },
  };
}

/**
 * Ends messages by the link in one of them (RFC 8058), for a mail program or for the button of the page: once, and without a
 * word about whether there still is such an account.
 */
export function descadastroRoute({ tokens, idiomaDe, desligar }: Deps): HttpRoute {
  return {
    ...DESCADASTRO,
    maxBytes: MAX_BYTES,
    async handle(request) {
      const idioma = idiomaDe(idiomaDo(request));
      const alvo = tokens.alvo(request.rest);
      if (alvo === undefined) return desconhecido(idioma);
      if (!ehUmClique(request)) return pedirDeNovo(alvo, idioma);
      const desligada = await desligar.execute({ ...alvo, por: 'LINK' });
      return desligada.isSuccess ? confirmar(alvo, idioma) : desconhecido(idioma);
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
