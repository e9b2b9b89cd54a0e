import { describe, expect, it } from '@jest/globals';
import { type EcoService, ecoService } from '../../test/eco-service.ts';
import { failureOf } from '../../test/failure-of.ts';
import { inMemory } from '../../test/in-memory.ts';
import { bearer } from '../../test/listeners.ts';
import type { AdminLooks } from '../audit/admin-looks.ts';
import {
  deNinguemMais,
  dizerTitular,
  type MostraDe,
  type Titulares,
  titularDito,
  titularesDaLista,
} from '../rpc/shown.ts';

const NADA = deNinguemMais('an echo');
const MOSTRA: MostraDe<typeof EcoService> = {
  ...{ entrar: NADA, ler: NADA, cotar: NADA, futuro: NADA, antigo: NADA },
  gravar: titularDito,
  administrar: (_, { value }) => [value],
};

type Shown = readonly [Titulares, string];

/** Takes note of what it is told, or refuses it. */
function notebook(refusal?: Error) {
  const notes: Shown[] = [];
  const looks: Pick<AdminLooks, 'concerns' | 'shown'> = {
    concerns: (principal) => principal?.papeis.includes('ADMIN') === true,
    async shown(titulares, rpc) {
      if (refusal) throw refusal;
      notes.push([titulares, rpc]);
    },
  };
  return { notes, looks };
}

const withMostra = (impl: Parameters<typeof ecoService>[0] = {}, mostra = MOSTRA) =>
  ecoService(impl, {}, {}, {}, mostra);

describe('a look of an administrator at data of others', () => {
  it('is recorded by whose data the answer has, and of nobody else', async () => {
    const { notes, looks } = notebook();
    const client = inMemory(withMostra(), { looks });
    await client.administrar({ value: 'cli_ana' }, bearer('admin'));
    await client.administrar({ value: 'cli_ana' }, bearer('servico'));
    await client.ler({ value: 'x' }, bearer('admin'));
    expect(notes).toEqual([[['cli_ana'], 'teste.v1.EcoService/Administrar']]);
  });

  it('has no answer when it cannot be recorded', async () => {
    const { looks } = notebook(new Error('disk full'));
    const client = inMemory(withMostra(), { looks });
    expect(await failureOf(client.administrar({ value: 'cli_ana' }, bearer('admin')))).toMatchObject({
      code: 'Internal',
    });
    expect((await client.administrar({ value: 'cli_ana' }, bearer('servico'))).value).toBe('cli_ana');
  });

  it('is recorded as the handler tells, which has to where the answer does not', async () => {
    const { notes, looks } = notebook();
    const gravar: NonNullable<Parameters<typeof ecoService>[0]>['gravar'] = ({ value }, context) => {
      if (value !== '') dizerTitular(context, value);
      return { value: 'feito' };
    };
    const client = inMemory(withMostra({ gravar }), { looks });
    await client.gravar({ value: 'cli_ana' }, bearer('admin'));
    expect(notes).toEqual([[['cli_ana'], 'teste.v1.EcoService/Gravar']]);
    expect(await failureOf(client.gravar({ value: '' }, bearer('admin')))).toMatchObject({
      code: 'Internal',
    });
  });

  it('is decided for each method that people may call, or the service does not start', () => {
    const { looks } = notebook();
    const { administrar, ...rest } = MOSTRA;
    expect(administrar).toBeDefined();
    const silent = () => inMemory(withMostra({}, rest as typeof MOSTRA), { looks });
    expect(silent).toThrow('teste.v1.EcoService/Administrar does not say whose data it shows');
  });
});

describe('a list', () => {
  it.each<[string, string, string[], Titulares]>([
    ['is of the person who was asked for', 'cli_ana', [], ['cli_ana']],
    ['is of the one person whom its page is about', '', ['cli_ana', 'cli_ana'], ['cli_ana']],
    ['is of all where its page is about several', '', ['cli_ana', 'cli_bia'], 'TODOS'],
    ['is of nobody where its page is empty', '', [], []],
  ])('%s', (_, pedido, donos, titulares) => {
    expect(titularesDaLista(pedido, donos)).toEqual(titulares);
  });
});
