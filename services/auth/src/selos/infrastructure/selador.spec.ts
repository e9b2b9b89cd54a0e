import { describe, expect, it } from '@jest/globals';
import type { SegredoSelado, SegredosPorSelar, SegredosSelados } from '../application/ports.ts';
import { Selador } from './selador.ts';
import { Selos } from './selos.ts';

const [VELHA, NOVA, OUTRA] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer, Buffer];
const DESDE = new Date('2026-11-23T12:00:00Z');

const selos = (masterKey: Buffer, previousMasterKey?: Buffer) =>
  new Selos({ masterKey, previousMasterKey }, 'personal-keys');

type Guardado = SegredoSelado & { readonly selo: string };

function guardado(id: string, master: Buffer): Guardado {
  const { nome } = selos(master);
  return { id, contexto: id, selado: selos(master).seal(Buffer.from(`de ${id}`), id), selo: nome };
}

/** Secrets in memory, in the order of their names. */
class Segredos implements SegredosSelados {
  readonly rows: Map<string, Guardado>;

  constructor(...rows: Guardado[]) {
    this.rows = new Map(rows.map((row) => [row.id, row]));
  }

  async porSelar(quais: SegredosPorSelar, limite: number): Promise<readonly SegredoSelado[]> {
    return this.#due(quais).slice(0, limite);
  }

  async guardar(id: string, selado: Buffer, selo: string): Promise<void> {
    this.rows.set(id, { id, contexto: id, selado, selo });
  }

  async desde(quais: SegredosPorSelar): Promise<Date | undefined> {
    return this.#due(quais).length > 0 ? DESDE : undefined;
  }

  #due({ selo, menos }: SegredosPorSelar): Guardado[] {
    return [...this.rows.values()].filter((row) => row.selo !== selo && !menos.includes(row.id));
  }
}

function selador(segredos: Segredos) {
  const told: unknown[] = [];
  const logger = { error: (context: object) => void told.push(context) };
  const deps = { selos: selos(NOVA, VELHA), logger: logger as never };
  return { told, selador: new Selador({ ...deps, transacao: (work) => work(segredos) }) };
}

const ignored = () => undefined;

async function untilEmpty({ work }: Selador, limite: number) {
  while ((await work(limite, ignored)) > 0);
}

describe('Selador', () => {
  it('seals anew what another key has sealed, and leaves what the present one has', async () => {
    const feito = guardado('b', NOVA);
    const segredos = new Segredos(guardado('a', VELHA), feito);
    const { selador: novo, told } = selador(segredos);
    expect(await novo.state()).toEqual({ dueSince: DESDE, putOff: 0, dead: 0 });
    await untilEmpty(novo, 10);
    const { selado, selo } = segredos.rows.get('a') as Guardado;
    expect(selo).toBe(selos(NOVA).nome);
    expect(selos(NOVA).open(selado, 'a').toString()).toBe('de a');
    expect(segredos.rows.get('b')).toBe(feito);
    expect(told).toEqual([]);
    expect(await novo.state()).toEqual({ dueSince: undefined, putOff: 0, dead: 0 });
  });

  it('gets past as many secrets that no key opens as one look takes, and tells each once', async () => {
    const perdidos = ['a', 'b', 'c'].map((id) => guardado(id, OUTRA));
    const segredos = new Segredos(...perdidos, guardado('d', VELHA));
    const { selador: novo, told } = selador(segredos);
    await untilEmpty(novo, 2);
    await untilEmpty(novo, 2);
    expect(segredos.rows.get('d')?.selo).toBe(selos(NOVA).nome);
    for (const perdido of perdidos) expect(segredos.rows.get(perdido.id)).toBe(perdido);
    expect(told).toMatchObject([{ item: 'a' }, { item: 'b' }, { item: 'c' }]);
    expect(await novo.state()).toEqual({ dueSince: undefined, putOff: 0, dead: 3 });
  });
});
