import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type {
  ConsultaDeHistorico,
  FiltroHistorico,
  LugarNoHistorico,
  RegistroLido,
} from '../../src/historico/application/ports.ts';
import { PostgresConsultaDeHistorico } from '../../src/historico/infrastructure/consulta-de-historico.ts';
import { MongoArquivo } from '../../src/historico/infrastructure/mongodb/arquivo-mongodb.ts';
import { colecaoDe, createMongoClient } from '../../src/historico/infrastructure/mongodb/cliente.ts';
import { preparar } from '../../src/historico/infrastructure/mongodb/preparo.ts';
import type { RegistroHistorico } from '../../src/mensagens/application/ports.ts';
import { PostgresHistorico } from '../../src/mensagens/infrastructure/historico.ts';
import { createServiceDatabase } from '../support/database.ts';
import { FERRETDB, startFerretDb, tellLeftOut } from '../support/ferretdb.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

/** A place where the history is kept and read. */
interface Loja {
  readonly consulta: ConsultaDeHistorico;
  acrescentar(registros: readonly RegistroHistorico[]): Promise<void>;
  /** What an account that is removed does to it. */
  esquecer(clienteId: string): Promise<void>;
  /** Whether a text stands anywhere in it. */
  contem(texto: string): Promise<boolean>;
  fechar(): Promise<void>;
}

async function emPostgres(): Promise<Loja> {
  const { dataSource, drop } = await createServiceDatabase();
  const historico = new PostgresHistorico(dataSource.manager);
  return {
    consulta: new PostgresConsultaDeHistorico(dataSource.manager),
    async acrescentar(registros) {
      await Promise.all(registros.map((registro) => historico.registrar(registro)));
    },
    async esquecer(clienteId) {
      await dataSource.query(
        `insert into contatos (usuario_id, versao, atualizado_em, removido_em) values ($1, 1, now(), now())`,
        [clienteId],
      );
      await dataSource.query(
        `update historico_notificacoes set destino = '' where cliente_id = $1 and destino <> ''`,
        [clienteId],
      );
    },
    async contem(texto) {
      const linhas: unknown[] = await dataSource.query(
        'select 1 from historico_notificacoes t where strpos(to_jsonb(t)::text, $1) > 0',
        [texto],
      );
      return linhas.length > 0;
    },
    fechar: drop,
  };
}

async function emMongo(binary: string): Promise<Loja> {
  const servidor = await startFerretDb(binary);
  const client = createMongoClient(servidor.url);
  await preparar(client.db(), 400, () => {});
  const arquivo = new MongoArquivo(colecaoDe(client));
  return {
    consulta: arquivo,
    async acrescentar(registros) {
      expect(await arquivo.acrescentar(registros)).toEqual([]);
    },
    async esquecer() {},
    async contem(texto) {
      const documentos = await colecaoDe(client).find().toArray();
      return JSON.stringify(documentos).includes(texto);
    },
    async fechar() {
      await client.close();
      await servidor.stop();
    },
  };
}

const CRIADA: RegistroHistorico = {
  ...{
    notificacaoId: 'not_1',
    sequencia: 1,
    clienteId: 'cli_1',
    canal: 'EMAIL',
    modelo: 'RESERVA_CONFIRMADA',
  },
  ...{ reservaId: 'res_1', tipo: 'CRIADA', destino: '', detalhe: '' },
  ocorridoEm: new Date('2026-11-23T12:00:00.123Z'),
};

const lido = ({ destino, ...registro }: RegistroHistorico): RegistroLido => registro;
const de = (clienteId: string, mais: Partial<FiltroHistorico> = {}): FiltroHistorico => ({
  ...{ clienteId, notificacaoId: '', boasVindas: true, ...mais },
});

const LOJAS: ReadonlyArray<readonly [string, (() => Promise<Loja>) | undefined]> = [
  ['PostgreSQL', emPostgres],
  ['MongoDB', FERRETDB === undefined ? undefined : () => emMongo(FERRETDB as string)],
];
if (FERRETDB === undefined) tellLeftOut();

for (const [nome, abrir] of LOJAS) {
  const suite = abrir ? describe : describe.skip;
  suite(`the history in ${nome}`, () => {
    let loja: Loja;
    let numero = 0;
    beforeAll(async () => {
      loja = await (abrir as () => Promise<Loja>)();
    });
    afterAll(() => loja?.fechar());

    /** Records of a message of their own, for a person of their own. */
    const mensagem = (...partes: ReadonlyArray<Partial<RegistroHistorico>>): RegistroHistorico[] => {
      numero += 1;
      const dono = { notificacaoId: `not_${nome}${numero}`, clienteId: `cli_${nome}${numero}` };
      return partes.map((parte, n) => ({ ...CRIADA, ...dono, sequencia: n + 1, ...parte }));
    };
    const listar = (filtro: FiltroHistorico, limite = 100, depoisDe?: LugarNoHistorico) =>
      loja.consulta.listar(filtro, limite, depoisDe);

    it('tells all of a record but where the message went, newest first, and of nobody else', async () => {
      const [criada, falhou] = mensagem(
        {},
        {
          ...{ tipo: 'TENTATIVA_FALHOU', destino: 'a***a@exemplo.com', detalhe: 'SMTP 451 4.7.1' },
          ocorridoEm: new Date('2026-11-23T12:00:01Z'),
        },
      ) as [RegistroHistorico, RegistroHistorico];
      await loja.acrescentar([falhou, criada, ...mensagem({})]);
      expect(await listar(de(criada.clienteId))).toEqual([lido(falhou), lido(criada)]);
      expect(await listar(de('cli_ninguem'))).toEqual([]);
    });

    it('keeps the first record when the same one comes again, even changed, and takes what comes with it', async () => {
      const [primeira, segunda] = mensagem({}, {}) as [RegistroHistorico, RegistroHistorico];
      await loja.acrescentar([primeira]);
      await loja.acrescentar([{ ...primeira, tipo: 'ENVIADA' }, segunda]);
      await loja.acrescentar([segunda, primeira]);
      expect(await listar(de(primeira.clienteId))).toEqual([lido(segunda), lido(primeira)]);
    });

    it('keeps one record when the same one comes many times at once', async () => {
      const [registro] = mensagem({}) as [RegistroHistorico];
      await Promise.all(Array.from({ length: 8 }, () => loja.acrescentar([registro])));
      expect(await listar(de(registro.clienteId))).toEqual([lido(registro)]);
    });

    it('gives every record once when read page by page, also those of one instant, while others come', async () => {
      const outra = mensagem({})[0] as RegistroHistorico;
      const { clienteId } = outra;
      const minuto = (n: number) => new Date(Date.UTC(2026, 10, 23, 12, Math.floor(n / 3)));
      const mesmas = [1, 2, 3].flatMap((n) =>
        [1, 2, 3].map((sequencia) => ({ ...outra, notificacaoId: `${outra.notificacaoId}x${n}`, sequencia })),
      );
      const registros = mesmas.map((registro, n) => ({ ...registro, ocorridoEm: minuto(n) }));
      await loja.acrescentar(registros);
      const vistos: string[] = [];
      const tamanhos: number[] = [];
      let depoisDe: LugarNoHistorico | undefined;
      do {
        const pagina = await listar(de(clienteId), 4, depoisDe);
        tamanhos.push(pagina.length);
        vistos.push(...pagina.map(({ notificacaoId, sequencia }) => `${notificacaoId}/${sequencia}`));
        depoisDe = pagina.at(-1);
        await loja.acrescentar([{ ...outra, sequencia: tamanhos.length, ocorridoEm: new Date() }]);
      } while (depoisDe !== undefined);
      expect(tamanhos).toEqual([4, 4, 1, 0]);
      expect(vistos).toEqual(
        registros.toReversed().map(({ notificacaoId, sequencia }) => `${notificacaoId}/${sequencia}`),
      );
    });

    it('tells of one message, to whoever is named with it or to all', async () => {
      const registros = mensagem({}, { tipo: 'ENVIADA' });
      const { notificacaoId, clienteId } = registros[0] as RegistroHistorico;
      await loja.acrescentar([...registros, { ...CRIADA, notificacaoId: `${notificacaoId}y`, clienteId }]);
      const dela = registros.map(lido).toReversed();
      expect(await listar(de('', { notificacaoId }))).toEqual(dela);
      expect(await listar(de(clienteId, { notificacaoId }))).toEqual(dela);
      expect(await listar(de('cli_outra', { notificacaoId }))).toEqual([]);
    });

    it('leaves out the codes that prove an address when it is told to', async () => {
      const [codigo, outra] = mensagem({ modelo: 'BOAS_VINDAS' }, {}) as [
        RegistroHistorico,
        RegistroHistorico,
      ];
      await loja.acrescentar([codigo, outra]);
      expect(await listar(de(codigo.clienteId, { boasVindas: false }))).toEqual([lido(outra)]);
    });

    it('holds no address of somebody who is gone, and all else', async () => {
      const registros = mensagem({ destino: `z***${numero}@exemplo.com` });
      const [{ destino, clienteId }] = registros as [RegistroHistorico];
      await loja.acrescentar(registros);
      await loja.esquecer(clienteId);
      expect(await loja.contem(destino)).toBe(false);
      expect(await loja.contem(clienteId)).toBe(true);
      expect(await listar(de(clienteId))).toEqual(registros.map(lido));
    });
  });
}
