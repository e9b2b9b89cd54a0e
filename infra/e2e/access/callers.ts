import type { AccessRow } from '@plataforma/dev/access/table';
import { SERVICES, type ServiceName } from '@plataforma/dev/stack/service-env';
import { ESCOPOS, type Escopo } from '@plataforma/runtime/escopos';
import type { Papel } from '@plataforma/runtime/principal';
import type { Acesso, Parte, Resposta } from '@plataforma/runtime/rpc';
import { claimsOf, type Scene } from './scene.ts';
import { type SigningKey, serviceToken, signed } from './signing-key.ts';

/** A caller of an RPC. */
export interface Caller {
  readonly name: string;
  readonly token?: string;
  /** Of a person. */
  readonly papeis?: readonly Papel[];
  readonly parte?: Parte | 'OUTROS';
  /** Of a program by an API key of that person: what it may be let in for. One way is walked: all have the same rule. */
  readonly escopos?: readonly Escopo[];
  /** Of a service, and for whom its token is. */
  readonly servico?: string;
  readonly audience?: ServiceName;
}

/** What the table says of a call. */
export type Expected = Resposta | 'NAO_AUTENTICADO' | 'TOKEN_INVALIDO';

/** Everybody who might call an RPC of this service. */
export function callersOf(
  { dono, stranger, gestor, gestorDeOutro, admin }: Scene,
  key: SigningKey,
  { servico: target, acesso }: Pick<AccessRow, 'servico' | 'acesso'>,
): Caller[] {
  const person = (name: string, { token }: { token: string }, parte: Parte | 'OUTROS'): Caller => ({
    ...{ name, token, parte, papeis: claimsOf(token).papeis as Papel[] },
  });
  const servico = (name: string, audience: ServiceName): Caller => ({
    ...{ name: `service ${name} for ${audience}`, servico: name, audience },
    token: serviceToken(key, claimsOf(admin.token), name, audience),
  });
  const escopo = typeof acesso === 'string' ? undefined : acesso.escopo;
  const program = (name: string, escopos: readonly Escopo[]): Caller => {
    const claims = { ...claimsOf(dono.token), tipo: 'chave', scope: escopos.join(' ') };
    return { ...person(name, { token: signed(key, claims) }, 'DONO'), escopos };
  };
  const other = SERVICES.find((name) => name !== target) as ServiceName;
  return [
    { name: 'nobody' },
    person('stranger', stranger, 'OUTROS'),
    person('GESTOR of another space', gestorDeOutro, 'OUTROS'),
    ...SERVICES.map((name) => servico(name, other)),
    ...SERVICES.map((name) => servico(name, target)),
    program(
      'key of the owner without the scope',
      ESCOPOS.filter((one) => one !== escopo),
    ),
    ...(escopo ? [program('key of the owner with the scope', [escopo])] : []),
    person('owner', dono, 'DONO'),
    person('GESTOR of the space', gestor, 'GESTOR_DO_ESPACO'),
    person('ADMIN', admin, 'ADMIN'),
  ];
}

/** How the table has this caller answered. */
export function expected(
  { servico, acesso }: Pick<AccessRow, 'servico' | 'acesso'>,
  caller: Caller,
): Expected {
  if (acesso === 'PUBLICO') return 'PODE';
  if (caller.token === undefined) return 'NAO_AUTENTICADO';
  if (caller.servico !== undefined) {
    if (caller.audience !== servico) return 'TOKEN_INVALIDO';
    return servicesOf(acesso).includes(caller.servico) ? 'PODE' : 'NEGADO';
  }
  if (caller.escopos && !letsKeyIn(acesso, caller.escopos)) return 'NEGADO';
  if (acesso === 'AUTENTICADO') return 'PODE';
  if (!acesso.papeis?.some((papel) => caller.papeis?.includes(papel))) return 'NEGADO';
  const { respostas } = acesso;
  if (respostas === undefined) return 'PODE';
  return (caller.parte && caller.parte !== 'OUTROS' && respostas[caller.parte]) || respostas.OUTROS;
}

function letsKeyIn(acesso: Exclude<Acesso, 'PUBLICO'>, escopos: readonly Escopo[]): boolean {
  return typeof acesso === 'object' && acesso.escopo !== undefined && escopos.includes(acesso.escopo);
}

const servicesOf = (acesso: Exclude<Acesso, 'PUBLICO'>) =>
  typeof acesso === 'string' ? [] : (acesso.servicos ?? []);
