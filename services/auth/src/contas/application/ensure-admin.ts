import type { UsuariosRepository } from './ports.ts';
import type { SignupHandler } from './signup.ts';

/**
 * Makes the first administrator of an empty installation. Does nothing once there is one, whatever their e-mail, so
 * changing the configured password later changes nobody's.
 *
 * @throws Error when the configured e-mail or password cannot be used.
 */
export async function ensureAdmin(
  deps: { usuarios: UsuariosRepository; signup: SignupHandler },
  admin: { email: string; senha: string },
): Promise<'created' | 'exists'> {
  if (await deps.usuarios.existsWithRole('ADMIN')) return 'exists';
  const outcome = await deps.signup.execute({
    ...admin,
    nome: 'Administração',
    papeis: ['ADMIN'],
    // Who runs the installation wrote it down.
    emailVerificado: true,
  });
  if (outcome.isSuccess) return 'created';
  // Another replica that starts at the same time may have been faster.
  if (await deps.usuarios.existsWithRole('ADMIN')) return 'exists';
  throw new Error(`the first administrator cannot be made: ${outcome.error.message}`, {
    cause: outcome.error,
  });
}
