import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform } from '../platform/platform.ts';

/** Identities that requests name. They are of the owner, or of the space that the GESTOR runs. */
export interface Things {
  readonly clienteId: string;
  readonly espacoId: string;
  readonly reservaId: string;
  readonly pagamentoId: string;
  readonly serieId: string;
  readonly entradaId: string;
  readonly calendarioId: string;
  readonly fechamentoId: string;
  readonly sessaoId: string;
  readonly exportacaoId: string;
  readonly chaveId: string;
  /** A period of the space that is taken. */
  readonly inicio: string;
  readonly fim: string;
  /** Of nobody: what is done to them is seen by nobody else. */
  readonly spare: { readonly espacoId: string; readonly usuarioId: string };
}

/** People and what one of them owns. */
export interface Scene {
  readonly dono: Customer;
  readonly stranger: Customer;
  readonly gestor: Customer;
  readonly gestorDeOutro: Customer;
  readonly admin: { readonly token: string };
  readonly things: Things;
}

/** The same names for what does not exist. */
export const NOTHING: Omit<Things, 'inicio' | 'fim' | 'spare' | 'espacoId'> = {
  clienteId: 'cli_00000000',
  reservaId: 'res_00000000',
  pagamentoId: 'pag_00000000',
  serieId: 'ser_00000000',
  entradaId: 'fil_00000000',
  calendarioId: 'cal_00000000',
  fechamentoId: 'fec_00000000',
  sessaoId: 'ses_00000000',
  exportacaoId: '00000000-0000-4000-8000-000000000000',
  chaveId: 'chv_000000000000',
};

/** The claims of a token, unchecked. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

/** Somebody whom ADMIN has given these roles, with a token that says so. */
export async function withPapeis(platform: Platform, papeis: readonly string[]): Promise<Customer> {
  const [admin, person] = await Promise.all([platform.admin(), platform.newCustomer()]);
  const call = { papeis, password: platform.stack.secrets.adminPassword };
  const changed = await platform.call(admin.token, 'PATCH', `/api/v1/users/${person.id}`, call);
  if (changed.status !== 200) throw new Error(`the roles were not given: ${JSON.stringify(changed.body)}`);
  return { ...person, ...(await platform.login(person.email)) };
}

export async function setScene(platform: Platform): Promise<Scene> {
  const admin = await platform.admin();
  const [dono, stranger, spare] = [
    await platform.newCustomer(),
    await platform.newCustomer(),
    await platform.newCustomer(),
  ];
  const [gestor, gestorDeOutro] = [
    await withPapeis(platform, ['CLIENTE', 'GESTOR']),
    await withPapeis(platform, ['CLIENTE', 'GESTOR']),
  ];
  const [other, unmanaged] = [await platform.newRoom(), await platform.newRoom()];
  const assign = ({ id }: Customer, espacoId: string) =>
    platform.call(admin.token, 'PUT', `/api/v1/espacos/${espacoId}/gestores/${id}`);
  await assign(gestor, platform.room.id);
  await assign(gestorDeOutro, other.id);

  const taken = platform.nextSlot();
  const reserva = await paidReserva(platform, dono, taken);
  await earnCredito(platform, dono);
  return {
    ...{ dono, stranger, gestor, gestorDeOutro },
    // One of its own: there is a call that ends all other sessions, of which the platform's administrator has many.
    admin: await withPapeis(platform, ['CLIENTE', 'ADMIN']),
    things: {
      clienteId: dono.id,
      espacoId: platform.room.id,
      ...reserva,
      serieId: await createSerie(platform, dono),
      entradaId: await createEntrada(platform, dono, stranger),
      calendarioId: await created(dono, '/api/v1/calendarios', {}),
      fechamentoId: await created(admin, `/api/v1/espacos/${platform.room.id}/fechamentos`, {
        dataInicio: '2027-12-25T03:00:00Z',
        dataFim: '2027-12-26T03:00:00Z',
        motivo: 'Natal',
      }),
      // Another one than the owner calls with: it ends.
      sessaoId: String(claimsOf((await platform.login(dono.email)).token).sid),
      exportacaoId: await created(dono, '/api/v1/users/me/exports', { password: 'Senha@123' }),
      chaveId: await created(dono, '/api/v1/integracoes/chaves', {
        ...{ nome: 'ERP', escopos: ['espacos:ler'], password: 'Senha@123' },
      }),
      ...{ inicio: taken.dataInicio, fim: taken.dataFim },
      spare: { espacoId: unmanaged.id, usuarioId: spare.id },
    },
  };
}

async function created({ rest }: Pick<Customer, 'rest'>, path: string, body: object): Promise<string> {
  return (await rest.post<{ id: string }>(path, body)).body.id;
}

async function paidReserva(platform: Platform, dono: Customer, slot: object) {
  const reservaId = await created(dono, '/api/v1/reservas', slot);
  await eventually(async () => platform.pay(await platform.reserva(dono, reservaId)), { timeoutMs: 30_000 });
  const { pagamentoId = '' } = await platform.becomes(dono, reservaId, 'CONFIRMADA');
  return { reservaId, pagamentoId };
}

/** ADMIN cancels another reservation for a reason that gives a bonus. */
async function earnCredito(platform: Platform, dono: Customer): Promise<void> {
  const { id } = await platform.paid(dono);
  const { token } = await platform.admin();
  const excecao = { motivo: 'vazamento', excepcional: 'PROBLEMA_NO_ESPACO' };
  await platform.call(token, 'POST', `/api/v1/reservas/${id}/cancelar`, excecao);
  await eventually(
    async () => {
      const { body } = await dono.rest.get<{ saldo?: { centavos?: number } }>('/api/v1/creditos');
      if (!body.saldo?.centavos) throw new Error('there is no bonus yet');
    },
    { timeoutMs: 30_000 },
  );
}

function createSerie(platform: Platform, dono: Customer): Promise<string> {
  const { espacoId, dataInicio } = platform.nextSlot();
  const plano = { inicioLocal: `${dataInicio.slice(0, 10)}T20:00`, duracaoMinutos: 60 };
  return created(dono, '/api/v1/series', { espacoId, ...plano, rrule: 'FREQ=WEEKLY;COUNT=2' });
}

/** The owner waits for what somebody else holds. */
async function createEntrada(platform: Platform, dono: Customer, other: Customer): Promise<string> {
  const slot = platform.nextSlot();
  await created(other, '/api/v1/reservas', slot);
  return created(dono, '/api/v1/fila-espera', slot);
}
