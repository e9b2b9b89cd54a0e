import { Resolver } from 'node:dns/promises';

/** Finds the addresses of a name. */
export interface Resolvedor {
  /** All of them. @throws Error when there are none, or the answer takes too long. */
  enderecos(nome: string): Promise<readonly string[]>;
}

const ESPERA_MS = 1_500;
const TENTATIVAS = 2;

/**
 * Asks the name servers themselves, so that neither the hosts file nor search domains give a name a meaning that it has only
 * here, and slow answers do not fill the threads that other look-ups wait for.
 */
export class DnsResolvedor implements Resolvedor {
  async enderecos(nome: string): Promise<readonly string[]> {
    const resolver = new Resolver({ timeout: ESPERA_MS, tries: TENTATIVAS });
    const respostas = await Promise.allSettled([resolver.resolve4(nome), resolver.resolve6(nome)]);
    const achados = respostas.flatMap((resposta) => (resposta.status === 'fulfilled' ? resposta.value : []));
    if (achados.length > 0) return achados;
    const [causa] = respostas.flatMap((resposta) =>
      resposta.status === 'rejected' ? [resposta.reason] : [],
    );
    throw new Error(`"${nome}" has no address`, { cause: causa });
  }
}
