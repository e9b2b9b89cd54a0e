import type { DescService, Message, MessageShape } from '@bufbuild/protobuf';
import { createContextKey, type HandlerContext } from '@connectrpc/connect';

type Chamada = Pick<HandlerContext, 'values'>;

/** People whose data an answer has, by id; `TODOS`: of several people, none of whom was asked for. */
export type Titulares = readonly string[] | 'TODOS';

/** Why no answer of a method has data of anybody but the caller. */
export interface DeNinguemMais {
  readonly porque: string;
}

/** Whose data an answer has. */
type DeQuem<I, O> = (request: I, answer: O, chamada: Chamada) => Titulares;

/** What a method of any contract says about whose data it shows. */
export type Mostra = DeNinguemMais | DeQuem<Message, Message>;

/**
 * Whose data each method of a service shows: the one place where it is decided which answers to an administrator are looks at
 * data of others. A method that says nothing does not compile.
 */
export type MostraDe<S extends DescService> = {
  readonly [K in keyof S['method']]:
    | DeNinguemMais
    | DeQuem<MessageShape<S['method'][K]['input']>, MessageShape<S['method'][K]['output']>>;
};

/** Every answer is about the caller, or has nothing about people. */
export function deNinguemMais(porque: string): DeNinguemMais {
  return { porque };
}

/**
 * Of a list: the person whom the request names, also where nothing is found; else the one person whom all of the page is about,
 * or several. An empty page that nobody was named for shows nobody.
 */
export function titularesDaLista(pedido: string, donos: Iterable<string>): Titulares {
  if (pedido !== '') return [pedido];
  const pessoas = [...new Set(donos)];
  return pessoas.length > 1 ? 'TODOS' : pessoas;
}

const titularKey = createContextKey<string | undefined>(undefined, { description: 'person shown' });

/** For a handler whose answer does not name the person it is about. */
export function dizerTitular({ values }: Chamada, usuarioId: string): void {
  values.set(titularKey, usuarioId);
}

/**
 * The person whom the handler has named.
 *
 * @throws Error where it has named nobody: an answer that is not told whose it is must not leave
 */
export function titularDito(_request: Message, _answer: Message, { values }: Chamada): Titulares {
  const usuarioId = values.get(titularKey);
  if (usuarioId === undefined) throw new Error('the handler does not say whose data it shows');
  return [usuarioId];
}
