import { randomUUID } from 'node:crypto';
import type { EspacoRest } from '@plataforma/dev/demo/seed';
import { withPapeis } from '../access/scene.ts';
import type { Customer, Platform, Session } from '../platform/platform.ts';
import type { Driver } from './driver.ts';

/** Who everybody signs up with. */
export const SENHA = 'Senha@123';

/** Names of what does not exist. */
export const NINGUEM = '00000000';

/** What scenes play on: people, a room, and who writes down what is said. */
export interface Stage {
  readonly platform: Platform;
  readonly driver: Driver;
  readonly admin: Session;
  readonly ana: Customer;
  readonly bruno: Customer;
  /** Runs the room. */
  readonly gestora: Customer;
  readonly sala: EspacoRest;
}

/** Of the hundreds of days that a room may be booked ahead, those that a scene takes; hours are UTC. */
export function em(dias: number, hora: number, minuto = 0): string {
  const dia = new Date(Date.now() + dias * 24 * 3_600_000);
  dia.setUTCHours(hora, minuto, 0, 0);
  return dia.toISOString().replace('.000', '');
}

/** A period of a room. */
export const periodo = (espacoId: string, dias: number, hora: number, horas = 1) => ({
  ...{ espacoId, dataInicio: em(dias, hora), dataFim: em(dias, hora + horas) },
});

/** An address of somebody, as it is told apart and as it is masked. */
export const enderecoDe = (nome: string) =>
  `${nome
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z]/g, '')}.${randomUUID()}@exemplo.com`;

/** Somebody with a verified address. */
export async function pessoa(platform: Platform, nome: string): Promise<Customer> {
  const email = enderecoDe(nome);
  const conta = { nome: `${nome} Lima`, email, password: SENHA };
  const { body } = await platform.rest.post<{ id: string }>('/api/v1/auth/signup', conta);
  await platform.verify(email);
  return { id: body.id, email, ...(await platform.login(email)) };
}

/** Prices that are the same on every day. */
export const SEM_MULTIPLICAR = {
  picoCentesimos: 100,
  fimDeSemanaCentesimos: 100,
  antecedenciaCentesimos: 100,
};

export const novaSala = (platform: Platform, mais: object = {}) =>
  platform.newRoom({ multiplicadores: SEM_MULTIPLICAR, ...mais });

export async function prepare(platform: Platform, driver: Driver): Promise<Stage> {
  const [ana, bruno, gestora] = await Promise.all([
    pessoa(platform, 'Ana'),
    pessoa(platform, 'Bruno'),
    withPapeis(platform, ['CLIENTE', 'GESTOR']),
  ]);
  const admin = await withPapeis(platform, ['CLIENTE', 'ADMIN']);
  const sala = await novaSala(platform, {
    extras: [
      {
        codigo: 'PROJETOR',
        nome: 'Projetor',
        preco: { centavos: 10_000, moeda: 'BRL' },
        quantidadeMaxima: 1,
      },
    ],
  });
  await platform.call(admin.token, 'PUT', `/api/v1/espacos/${sala.id}/gestores/${gestora.id}`);
  // Their first key that has had an effect.
  for (const as of [admin, ana, bruno, gestora])
    await driver.ok('CalendariosService_CriarCalendario', { as, again: true });
  return { platform, driver, admin, ana, bruno, gestora, sala };
}
