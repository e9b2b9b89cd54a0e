import type { Repositorios } from './ports.ts';

/** Who books for themselves is known by their token; who is booked for needs an account. */
export async function clienteExiste(
  { pessoas }: Pick<Repositorios, 'pessoas'>,
  { clienteId, quem }: { readonly clienteId: string; readonly quem: string },
): Promise<boolean> {
  return clienteId === quem || (await pessoas.existe(clienteId));
}
