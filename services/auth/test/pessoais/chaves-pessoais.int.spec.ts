import { Code } from '@connectrpc/connect';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@plataforma/runtime/logger';
import { createPersonalKeys } from '@plataforma/runtime/personal-keys-client';
import { createServiceTokens } from '@plataforma/runtime/service-token';
import { autocommit } from '@plataforma/runtime/transaction';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { PostgresChavesPessoais } from '../../src/pessoais/infrastructure/chaves-pessoais-repository.ts';
import { Selos } from '../../src/selos/infrastructure/selos.ts';
import { ADMIN, as, failure, pessoa, SECRET, useAuth } from '../support/use-auth.ts';

const clock = new FixedClock(new Date(Date.now() - 60_000).toISOString());
const { auth, rpc } = useAuth({ clock });
const MASTER = Buffer.alloc(32, 1);
const OUTRA = Buffer.alloc(32, 2);

const selos = (masterKey: Buffer, previousMasterKey?: Buffer) =>
  new Selos({ masterKey, previousMasterKey }, 'personal-keys');

let ana: string;
let deNotificacoes: { headers: { authorization: string } };

beforeAll(async () => {
  const pedido = { servico: 'notificacoes', segredo: SECRET, audiencia: 'auth' };
  deNotificacoes = as(await rpc.tokens.issueServiceToken(pedido));
});

beforeEach(async () => {
  const { id } = await rpc.auth.signup(pessoa());
  ana = id;
});

const repositorio = (master = MASTER, previous?: Buffer) =>
  new PostgresChavesPessoais(autocommit(auth.dataSource), selos(master, previous));

/** Auth itself, which seals what is due until nothing is. */
async function selarDeNovo(key: Buffer, previousKey: Buffer) {
  const { background = [] } = await auth.createReplica({ key, previousKey });
  const worker = background.find(({ name }) => name === 'chaves-pessoais');
  while (await worker?.turn?.());
}

const pedir = async (usuarioId: string) =>
  Buffer.from((await rpc.personalKeys.getPersonalKey({ usuarioId }, deNotificacoes)).chave);

const linha = async (usuarioId: string) => {
  const [row] = await auth.dataSource.query('select * from chaves_pessoais where usuario_id = $1', [
    usuarioId,
  ]);
  return row;
};

describe('the key of a person', () => {
  it('is made when it is first needed and the same for all who ask, also at once', async () => {
    expect(await linha(ana)).toBeUndefined();
    const [um, outro] = await Promise.all([pedir(ana), pedir(ana)]);
    expect(um).toHaveLength(32);
    expect(outro).toEqual(um);
    expect(await repositorio().chaveDe(ana)).toEqual(um);
    const { id: bia } = await rpc.auth.signup(pessoa());
    expect(await pedir(bia)).not.toEqual(um);
  });

  it('is stored encrypted, for its person alone', async () => {
    const chave = await pedir(ana);
    const { id: bia } = await rpc.auth.signup(pessoa());
    await pedir(bia);
    const { chave: cifrada } = await linha(ana);
    expect(cifrada.includes(chave)).toBe(false);
    await auth.dataSource.query('update chaves_pessoais set chave = $2 where usuario_id = $1', [
      bia,
      cifrada,
    ]);
    await expect(repositorio().chaveDe(bia)).rejects.toThrow();
    await auth.dataSource.query('delete from chaves_pessoais where usuario_id = $1', [bia]);
  });

  it('is of nobody when nobody has that identifier', async () => {
    expect(await failure(pedir('cli_Ninguem'))).toEqual({
      code: Code.NotFound,
      motivo: 'USUARIO_NAO_ENCONTRADO',
    });
    expect(await linha('cli_Ninguem')).toBeUndefined();
  });

  it('is given to no person, not even to an administrator, and to no other service', async () => {
    const negado = { code: Code.PermissionDenied, motivo: 'ACESSO_NEGADO' };
    const admin = as(await rpc.auth.login(ADMIN));
    expect(await failure(rpc.personalKeys.getPersonalKey({ usuarioId: ana }, admin))).toEqual(negado);
    expect(await failure(rpc.personalKeys.getPersonalKey({ usuarioId: ana }))).toMatchObject({
      code: Code.Unauthenticated,
    });
    const paraPagamentos = as(
      await rpc.tokens.issueServiceToken({ servico: 'reservas', segredo: SECRET, audiencia: 'pagamentos' }),
    );
    expect(await failure(rpc.personalKeys.getPersonalKey({ usuarioId: ana }, paraPagamentos))).toMatchObject({
      code: Code.Unauthenticated,
    });
  });

  it('that cannot be read is told apart from auth being away, and the keys of others are given', async () => {
    const { id: bia } = await rpc.auth.signup(pessoa());
    await Promise.all([pedir(ana), pedir(bia)]);
    const perdida = { code: Code.DataLoss, motivo: 'ERRO_INTERNO' };
    for (const change of [`selo = '0123456789abcdef'`, `chave = decode(repeat('00', 60), 'hex')`]) {
      const { selo: antes, chave } = await linha(ana);
      await auth.dataSource.query(`update chaves_pessoais set ${change} where usuario_id = $1`, [ana]);
      expect(await failure(pedir(ana))).toEqual(perdida);
      expect(await pedir(bia)).toHaveLength(32);
      const de = [ana, antes, chave];
      await auth.dataSource.query(
        'update chaves_pessoais set selo = $2, chave = $3 where usuario_id = $1',
        de,
      );
    }
  });

  it('may be stored by nobody on the way', async () => {
    let cacheControl: string | null = '';
    await rpc.personalKeys.getPersonalKey(
      { usuarioId: ana },
      { ...deNotificacoes, onHeader: (headers) => (cacheControl = headers.get('cache-control')) },
    );
    expect(cacheControl).toBe('no-store');
  });
});

describe('a key that is destroyed', () => {
  it('is gone for good, and none is made again', async () => {
    await pedir(ana);
    await repositorio().destruir(ana, clock.now());
    expect(await linha(ana)).toMatchObject({ chave: null, selo: null, destruida_em: clock.now() });
    expect(await pedir(ana)).toHaveLength(0);
    expect(await repositorio().chaveDe(ana)).toBe('DESTRUIDA');
  });

  it('need never have been made', async () => {
    await repositorio().destruir(ana, clock.now());
    expect(await pedir(ana)).toHaveLength(0);
  });

  it('is destroyed once, whoever repeats it', async () => {
    await repositorio().destruir(ana, clock.now());
    await repositorio().destruir(ana, new Date(clock.now().getTime() + 1_000));
    expect(await linha(ana)).toMatchObject({ destruida_em: clock.now() });
  });

  it('does not come back by any statement', async () => {
    await repositorio().destruir(ana, clock.now());
    const restrict = { driverError: { code: '23001' } };
    for (const sql of [
      `update chaves_pessoais set chave = decode(repeat('00', 60), 'hex'), selo = '0123456789abcdef', destruida_em = null
        where usuario_id = $1`,
      'update chaves_pessoais set criada_em = now() where usuario_id = $1',
      'delete from chaves_pessoais where usuario_id = $1',
    ])
      await expect(auth.dataSource.query(sql, [ana])).rejects.toMatchObject(restrict);
  });

  it('stays when the transaction that destroys it is rolled back', async () => {
    const chave = await pedir(ana);
    const desfeita = auth.dataSource.transaction(async (sql) => {
      await new PostgresChavesPessoais(sql, selos(MASTER)).destruir(ana, clock.now());
      throw new Error('taken back');
    });
    await expect(desfeita).rejects.toThrow('taken back');
    expect(await pedir(ana)).toEqual(chave);
  });

  it('makes the events of its person leave without what is personal', async () => {
    await repositorio().destruir(ana, clock.now());
    expect(await auth.personal?.keys.keyOf(ana)).toBeUndefined();
  });
});

describe('another master key', () => {
  it('seals the keys anew, and what was sealed before is opened meanwhile', async () => {
    const chave = await pedir(ana);
    expect(await repositorio(OUTRA, MASTER).chaveDe(ana)).toEqual(chave);
    await selarDeNovo(OUTRA, MASTER);
    expect(await linha(ana)).toMatchObject({ selo: selos(OUTRA).nome });
    expect(await repositorio(OUTRA).chaveDe(ana)).toEqual(chave);
    await expect(repositorio().chaveDe(ana)).rejects.toThrow('master key that this process does not have');
    await selarDeNovo(MASTER, OUTRA);
    expect(await pedir(ana)).toEqual(chave);
  });

  it('leaves keys that it cannot open where they are, and seals all others anew', async () => {
    const { id: bia } = await rpc.auth.signup(pessoa());
    await Promise.all([pedir(ana), pedir(bia)]);
    const [primeira, segunda] = [ana, bia].sort() as [string, string];
    const { selo: antes } = await linha(primeira);
    const marcar = (nome: string) =>
      auth.dataSource.query('update chaves_pessoais set selo = $2 where usuario_id = $1', [primeira, nome]);
    await marcar('0123456789abcdef');
    await selarDeNovo(OUTRA, MASTER);
    expect(await linha(primeira)).toMatchObject({ selo: '0123456789abcdef' });
    expect(await linha(segunda)).toMatchObject({ selo: selos(OUTRA).nome });
    await marcar(antes);
    await selarDeNovo(MASTER, OUTRA);
  });

  it('is seen to by auth itself, as long as it is told the one before', async () => {
    const aoLado = await auth.createReplica({ key: Buffer.alloc(32, 3), previousKey: Buffer.alloc(32, 1) });
    expect(aoLado.background?.map(({ name }) => name)).toContain('chaves-pessoais');
    expect(auth.background.map(({ name }) => name)).not.toContain('chaves-pessoais');
  });
});

describe('the keys, for another service', () => {
  it("come with its own token, and are known to be destroyed, or nobody's", async () => {
    const logger = createLogger({ service: 'notificacoes', level: 'silent' });
    const authAddress = `127.0.0.1:${auth.grpcPort}`;
    const tokens = createServiceTokens({ authAddress, servico: 'notificacoes', segredo: SECRET });
    const keys = createPersonalKeys({ authAddress, tokens, logger });
    expect(await keys.keyOf(ana)).toEqual(await pedir(ana));
    expect(await keys.keyOf('cli_Ninguem')).toBeUndefined();
    const { id: bia } = await rpc.auth.signup(pessoa());
    await repositorio().destruir(bia, clock.now());
    expect(await keys.keyOf(bia)).toBeUndefined();
    keys.close();
    tokens.close();
  });
});
