import type { AccessRow } from '@plataforma/dev/access/table';
import { SERVICES, type ServiceName } from '@plataforma/dev/stack/service-env';
import type { Papel } from '@plataforma/runtime/principal';
import type { Acesso, Parte, Resposta } from '@plataforma/runtime/rpc';
import { type Cena, claimsOf } from './cena.ts';
import { type Chave, tokenDeServico } from './chave.ts';

/** A caller of an RPC. */
export interface Quem {
  readonly nome: string;
  readonly token?: string;
  /** Of a person. */
  readonly papeis?: readonly Papel[];
  readonly parte?: Parte | 'OUTROS';
  /** Of a service, and for whom its token is. */
  readonly servico?: string;
  readonly audiencia?: ServiceName;
}

/** What the table says of a call. */
export type Esperado = Resposta | 'NAO_AUTENTICADO' | 'TOKEN_INVALIDO';

/** Everybody who might call an RPC of this service. */
export function quemChama(
  { dono, estranho, gestor, gestorDeOutro, admin }: Cena,
  chave: Chave,
  alvo: ServiceName,
): Quem[] {
  const pessoa = (nome: string, { token }: { token: string }, parte: Parte | 'OUTROS'): Quem => ({
    ...{ nome, token, parte, papeis: claimsOf(token).papeis as Papel[] },
  });
  const servico = (nome: string, audiencia: ServiceName): Quem => ({
    ...{ nome: `service ${nome} for ${audiencia}`, servico: nome, audiencia },
    token: tokenDeServico(chave, claimsOf(admin.token), nome, audiencia),
  });
  const outro = SERVICES.find((nome) => nome !== alvo) as ServiceName;
  return [
    { nome: 'nobody' },
    pessoa('stranger', estranho, 'OUTROS'),
    pessoa('GESTOR of another space', gestorDeOutro, 'OUTROS'),
    ...SERVICES.map((nome) => servico(nome, outro)),
    ...SERVICES.map((nome) => servico(nome, alvo)),
    pessoa('owner', dono, 'DONO'),
    pessoa('GESTOR of the space', gestor, 'GESTOR_DO_ESPACO'),
    pessoa('ADMIN', admin, 'ADMIN'),
  ];
}

/** How the table has this caller answered. */
export function esperado({ servico, acesso }: Pick<AccessRow, 'servico' | 'acesso'>, quem: Quem): Esperado {
  if (acesso === 'PUBLICO') return 'PODE';
  if (quem.token === undefined) return 'NAO_AUTENTICADO';
  if (quem.servico !== undefined) {
    if (quem.audiencia !== servico) return 'TOKEN_INVALIDO';
    return servicosDe(acesso).includes(quem.servico) ? 'PODE' : 'NEGADO';
  }
  if (acesso === 'AUTENTICADO') return 'PODE';
  if (!acesso.papeis?.some((papel) => quem.papeis?.includes(papel))) return 'NEGADO';
  const { respostas } = acesso;
  if (respostas === undefined) return 'PODE';
  return (quem.parte && quem.parte !== 'OUTROS' && respostas[quem.parte]) || respostas.OUTROS;
}

const servicosDe = (acesso: Exclude<Acesso, 'PUBLICO'>) =>
  typeof acesso === 'string' ? [] : (acesso.servicos ?? []);
