import { describe, expect, it } from '@jest/globals';
import { type Db, MongoServerError } from 'mongodb';
import type { RegistroHistorico } from '../../../mensagens/application/ports.ts';
import { toDocumento } from './documento.ts';
import { ESQUEMA, INDICES, preparar } from './preparo.ts';

const REGISTRO: RegistroHistorico = {
  ...{
    notificacaoId: 'not_7Yt2Kp4m',
    sequencia: 2,
    clienteId: 'cli_1',
    canal: 'EMAIL',
    modelo: 'BOAS_VINDAS',
  },
  ...{ reservaId: '', tipo: 'ENVIADA', destino: 'a***a@exemplo.com', detalhe: '' },
  ocorridoEm: new Date('2026-11-23T12:00:00Z'),
};

describe('the collection of the history', () => {
  it('takes documents with the members that its validator names, all of them and no other', () => {
    const membros = Object.keys(toDocumento(REGISTRO)).sort();
    expect(membros).toEqual([...ESQUEMA.required].sort());
    expect(membros).toEqual(Object.keys(ESQUEMA.properties).sort());
    expect(ESQUEMA.additionalProperties).toBe(false);
  });

  it('knows no place where a message went', () => {
    expect(JSON.stringify(toDocumento(REGISTRO))).not.toContain('exemplo.com');
    expect(ESQUEMA.properties).not.toHaveProperty('destino');
  });

  it('has names that its patterns take', () => {
    const documento = toDocumento(REGISTRO);
    for (const campo of ['_id', 'notificacaoId', 'canal', 'modelo', 'tipo'] as const)
      expect(documento[campo]).toMatch(new RegExp(ESQUEMA.properties[campo].pattern));
  });

  it('has an index for each way in which it is read', () => {
    expect(INDICES.map(({ key }) => Object.keys(key))).toEqual([
      ['clienteId', 'ocorridoEm', 'notificacaoId', 'sequencia'],
      ['notificacaoId', 'sequencia'],
    ]);
  });
});

describe('preparar', () => {
  type Pedido = readonly [string, unknown];

  /** A server that answers as told, and what was asked of it. */
  function servidor(erros: Readonly<Record<string, number>>) {
    const pedidos: Pedido[] = [];
    const pedir = async (nome: string, oque: unknown) => {
      pedidos.push([nome, oque]);
      const code = erros[nome];
      if (code !== undefined) throw new MongoServerError({ message: nome, code });
    };
    const db = {
      databaseName: 'notificacoes',
      createCollection: (nome: string) => pedir('createCollection', nome),
      command: (comando: Record<string, unknown>) => pedir(Object.keys(comando)[0] ?? '', comando),
      collection: () => ({
        createIndex: (_: unknown, { name, ...opcoes }: { name: string }) => pedir(`index ${name}`, opcoes),
      }),
    } as unknown as Db;
    const de = (nome: string) => pedidos.filter(([pedido]) => pedido === nome).map(([, oque]) => oque);
    return { db, de };
  }

  it('asks for a validator that refuses, an index that ends old records, and a role that adds and reads', async () => {
    const { db, de } = servidor({});
    expect(await preparar(db, 366, () => {})).toEqual([]);
    expect(de('collMod')).toEqual([
      {
        collMod: 'historico',
        validator: { $jsonSchema: ESQUEMA },
        validationLevel: 'strict',
        validationAction: 'error',
      },
    ]);
    expect(de('index historico_fim')).toEqual([{ expireAfterSeconds: 31_622_400 }]);
    expect(de('createRole')).toEqual([
      {
        createRole: 'historico_so_acrescenta',
        privileges: [
          { resource: { db: 'notificacoes', collection: 'historico' }, actions: ['find', 'insert'] },
        ],
        roles: [],
      },
    ]);
  });

  it('gives what is there the new span and the same rights', async () => {
    const { db, de } = servidor({ createCollection: 48, 'index historico_fim': 85, createRole: 51_002 });
    expect(await preparar(db, 400, () => {})).toEqual([]);
    expect(de('collMod')).toContainEqual({
      collMod: 'historico',
      index: { name: 'historico_fim', expireAfterSeconds: 34_560_000 },
    });
    expect(de('updateRole')).toMatchObject([{ updateRole: 'historico_so_acrescenta', roles: [] }]);
  });

  it('fails when it may not', async () => {
    await expect(preparar(servidor({ collMod: 13 }).db, 400, () => {})).rejects.toThrow('collMod');
  });
});
