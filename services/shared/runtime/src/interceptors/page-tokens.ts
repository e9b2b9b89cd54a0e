import { type DescField, type DescMethod, type Message, toBinary } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { Code, type UnaryRequest } from '@connectrpc/connect';
import { rpcError } from '../errors/errors.ts';
import { principalKey } from '../rpc/principal.ts';
import { methodName, type UnaryInterceptor } from '../rpc/rpc.ts';
import type { PageScope, PageTokens } from '../security/page-tokens.ts';

/** The fields by which a list is read page by page; the contracts name them the same everywhere. */
interface PagedList {
  readonly token: DescField;
  readonly size: DescField;
  readonly next: DescField;
}

/**
 * Seals the page tokens of every list, and opens what comes back: a handler sees the position that it gave, the caller
 * an opaque token that fits this list, these filters and this caller alone. Only the size of the page may change from
 * page to page. Anything else is INVALID_ARGUMENT / `PAGINA_INVALIDA`, before the request is looked at any further.
 */
export function pageTokens(tokens: PageTokens): UnaryInterceptor {
  const lists = new Map<DescMethod, PagedList | undefined>();
  const listOf = (method: DescMethod) => {
    if (!lists.has(method)) lists.set(method, pagedList(method));
    return lists.get(method);
  };
  return (next) => async (req) => {
    const list = listOf(req.method);
    if (list === undefined) return next(req);
    const scope = scopeOf(req, list);
    replaceText(req.message, req.method.input, list.token, (token) => {
      const position = tokens.open(token, scope);
      if (position === undefined) throw notOfThisList();
      return position;
    });
    const res = await next(req);
    replaceText(res.message, res.method.output, list.next, (position) => tokens.seal(position, scope));
    return res;
  };
}

/** @throws Error for a contract that has only some of the fields: its tokens would travel unsealed */
function pagedList({ input, output, name }: DescMethod): PagedList | undefined {
  const token = named(input, 'page_token');
  const size = named(input, 'page_size');
  const next = named(output, 'next_page_token');
  if (token && size && next) return { token, size, next };
  if (token || next) throw new Error(`${name} has only some of the fields of a paged list`);
  return undefined;
}

function named({ fields }: DescMethod['input'], name: string): DescField | undefined {
  return fields.find((field) => field.name === name);
}

function scopeOf({ method, message, contextValues }: UnaryRequest, { token, size }: PagedList): PageScope {
  const filter = { ...message, [token.localName]: '', [size.localName]: 0 };
  const principal = contextValues.get(principalKey);
  return {
    list: methodName(method),
    filter: toBinary(method.input, filter, { writeUnknownFields: false }),
    caller: principal ? `${principal.tipo}:${principal.id}` : '',
  };
}

/** An empty text, the first or the last page, stays as it is. */
function replaceText(
  message: Message,
  desc: DescMethod['input'],
  field: DescField,
  replace: (text: string) => string,
): void {
  const fields = reflect(desc, message);
  const text = fields.get(field);
  if (typeof text === 'string' && text !== '') fields.set(field, replace(text));
}

function notOfThisList() {
  const message = 'O pageToken não é desta lista. Comece da primeira página.';
  return rpcError(Code.InvalidArgument, 'PAGINA_INVALIDA', message);
}
