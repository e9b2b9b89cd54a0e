import { create, type DescMethod, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { AuthService } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { ServiceTokensService } from '@plataforma/contratos/auth/v1/service_tokens_service_pb';
import { UsersService } from '@plataforma/contratos/auth/v1/users_service_pb';
import { fingerprint } from './fingerprint.ts';

function of<M extends DescMethod>(method: M, init: MessageInitShape<M['input']>): string {
  return Buffer.from(fingerprint(method, create(method.input, init))).toString('hex');
}

describe('the fingerprint of a request', () => {
  const { updateUser, getUser } = UsersService.method;

  it('tells methods and what they are asked for apart', () => {
    const given = of(updateUser, { usuarioId: 'cli_1', nome: 'Ana' });
    expect(of(updateUser, { usuarioId: 'cli_1', nome: 'Ana' })).toBe(given);
    expect(of(updateUser, { usuarioId: 'cli_1', nome: 'Eva' })).not.toBe(given);
    expect(of(getUser, { usuarioId: 'cli_1' })).not.toBe(of(updateUser, { usuarioId: 'cli_1' }));
  });

  it('holds nothing of a secret, which stays in the request', () => {
    const { changePassword } = AuthService.method;
    const request = create(changePassword.input, { currentPassword: 'Senha@123', newPassword: 'Outra@123' });
    const told = Buffer.from(fingerprint(changePassword, request)).toString('hex');
    expect(told).toBe(of(changePassword, {}));
    expect(request).toMatchObject({ currentPassword: 'Senha@123', newPassword: 'Outra@123' });
  });
});

describe('the contract of auth', () => {
  const requests = [AuthService, UsersService, ServiceTokensService]
    .flatMap(({ methods }) => methods)
    .flatMap(({ input }) => input.fields);

  it('marks every secret of a request', () => {
    const secret = /password|^codigo$|^mfa_token$|^refresh_token$|^segredo$|^code$|^state$/;
    const told = requests
      .filter(({ name, proto }) => secret.test(name) !== (proto.options?.debugRedact ?? false))
      .map(({ parent, name }) => `${parent.name}.${name}`);
    expect(told).toEqual([]);
  });
});
