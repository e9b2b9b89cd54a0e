import { describe, expect, it } from '@jest/globals';
import { ecoService } from '../../test/eco-service.ts';
import { failureOf } from '../../test/failure-of.ts';
import { inMemory } from '../../test/in-memory.ts';
import { bearer } from '../../test/listeners.ts';

describe('access to a method', () => {
  it('is denied to everyone when nothing says who may call it', async () => {
    const client = inMemory(ecoService(), { services: [] });
    for (const who of ['admin', 'servico'])
      expect(await failureOf(client.ler({ value: 'x' }, bearer(who)))).toMatchObject({
        code: 'PermissionDenied',
        motivo: 'ACESSO_NEGADO',
      });
  });

  it('that does not exist yet is refused before the request is looked at', async () => {
    expect(await failureOf(inMemory(ecoService()).futuro({ value: '\0' }))).toMatchObject({
      code: 'Unimplemented',
      infos: [{ reason: 'NAO_IMPLEMENTADO', metadata: { metodo: 'teste.v1.EcoService/Futuro' } }],
    });
  });

  it('that changes something asks the accounts, where they are, about people, and about services nobody', async () => {
    const accountSessions = { ended: async () => true };
    const client = inMemory(ecoService({}, {}, { ler: 'AUTENTICADO' }), { accountSessions });
    expect((await client.ler({ value: 'x' }, bearer('admin'))).value).toBe('x');
    expect((await client.administrar({ value: 'x' }, bearer('servico'))).value).toBe('x');
    expect(await failureOf(client.administrar({ value: 'x' }, bearer('admin')))).toMatchObject({
      code: 'Unauthenticated',
      motivo: 'TOKEN_INVALIDO',
    });
  });
});
