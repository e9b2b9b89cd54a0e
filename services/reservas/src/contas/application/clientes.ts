import type { PessoasRepository } from '../domain/pessoas-repository.ts';

/**
 * Who books for themselves is known by their token, unless they are gone, as what they have at a time tells; who is booked for
 * needs an account.
 */
export async function clienteExiste(
  { pessoas }: { readonly pessoas: PessoasRepository },
  { clienteId, quem }: { readonly clienteId: string; readonly quem: string },
): Promise<boolean> {
  return clienteId === quem || (await pessoas.existe(clienteId));
}
