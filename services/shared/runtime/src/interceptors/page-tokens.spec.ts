import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { createContextValues, type UnaryRequest, type UnaryResponse } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import {
  EspacosService,
  ListarEspacosRequestSchema,
  ListarEspacosResponseSchema,
} from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { failureOf } from '../../test/failure-of.ts';
import { type Principal, principalKey } from '../rpc/principal.ts';
import { PageTokens } from '../security/page-tokens.ts';
import { pageTokens } from './page-tokens.ts';

const LIST = EspacosService.method.listarEspacos;
const POSITION = '["Sala Ipê","esp_1"]';
const interceptor = pageTokens(new PageTokens([Buffer.alloc(32, 1)], 'teste'));

type Caller = Pick<Principal, 'id' | 'tipo'>;

/** One call of the list; the handler sees `seen` and says that there is more behind `next`. */
async function list(
  init: MessageInitShape<typeof ListarEspacosRequestSchema>,
  { caller, next = POSITION, method = LIST }: { caller?: Caller; next?: string; method?: typeof LIST } = {},
) {
  let seen: string | undefined;
  const contextValues = createContextValues();
  if (caller)
    contextValues.set(principalKey, { ...caller, papeis: [], geracao: 1, emitidoEm: new Date(0), token: '' });
  const message = create(ListarEspacosRequestSchema, init);
  const handler = interceptor(async ({ message }) => {
    seen = (message as typeof init).pageToken;
    const answer = create(ListarEspacosResponseSchema, { nextPageToken: next });
    return { stream: false, method, message: answer } as unknown as UnaryResponse;
  });
  const request = { stream: false, method, message, contextValues } as unknown as UnaryRequest;
  const response = await handler(request);
  return { seen, token: (response.message as unknown as { nextPageToken: string }).nextPageToken };
}

describe('the pages of a list', () => {
  it('are found again by tokens that do not show the position, of any size', async () => {
    const caller: Caller = { id: 'cli_1', tipo: 'USUARIO' };
    const first = await list({ capacidadeMinima: 10, pageSize: 20 }, { caller });
    expect(first.seen).toBe('');
    expect(first.token).not.toContain('esp_1');
    const second = await list({ capacidadeMinima: 10, pageSize: 5, pageToken: first.token }, { caller });
    expect(second.seen).toBe(POSITION);
  });

  it('end with an empty token', async () => {
    expect((await list({}, { next: '' })).token).toBe('');
  });

  it.each<[string, MessageInitShape<typeof ListarEspacosRequestSchema>, Caller | undefined]>([
    ['another filter', { capacidadeMinima: 11 }, { id: 'cli_1', tipo: 'USUARIO' }],
    ['another caller', { capacidadeMinima: 10 }, { id: 'cli_2', tipo: 'USUARIO' }],
    ['a service called like the caller', { capacidadeMinima: 10 }, { id: 'cli_1', tipo: 'SERVICO' }],
    ['nobody in particular', { capacidadeMinima: 10 }, undefined],
  ])('are not found by a token for %s', async (_, init, other) => {
    const { token } = await list({ capacidadeMinima: 10 }, { caller: { id: 'cli_1', tipo: 'USUARIO' } });
    const call = list({ ...init, pageToken: token }, other && { caller: other });
    expect(await failureOf(call)).toMatchObject({ code: 'InvalidArgument', motivo: 'PAGINA_INVALIDA' });
  });

  it('are not found by what a caller made up, such as the position itself', async () => {
    expect(await failureOf(list({ pageToken: POSITION }))).toMatchObject({ motivo: 'PAGINA_INVALIDA' });
  });

  it.each(['page_token', 'page_size', 'next_page_token'])(
    'cannot be read without a field %s',
    async (name) => {
      const without = (desc: DescMessage) => ({
        ...desc,
        fields: desc.fields.filter((field) => field.name !== name),
      });
      const method = { ...LIST, input: without(LIST.input), output: without(LIST.output) };
      const call = list({}, { method: method as unknown as typeof LIST });
      await expect(call).rejects.toThrow('only some of the fields');
    },
  );
});
