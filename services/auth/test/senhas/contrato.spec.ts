import { describe, expect, it } from '@jest/globals';
import { UsersService } from '@plataforma/contratos/auth/v1/users_service_pb';

describe("an administrator's change of an account", () => {
  it('has no field for a password: nobody chooses the one of somebody else (ASVS 6.4.6)', () => {
    const names = UsersService.method.updateUser.input.fields.map(({ name }) => name);
    expect(names).toContain('usuario_id');
    // Of the administrator, who says once more who they are.
    expect(names.filter((name) => /password|senha|codigo|secret/.test(name))).toEqual(['password', 'codigo']);
  });
});
