import { create } from '@bufbuild/protobuf';
import { Code, createContextValues, type HandlerContext, type MethodImplSpec } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CotarReservaRequestSchema,
  ListarReservasRequestSchema,
  ReservasService,
} from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { rpcError } from '@plataforma/runtime/errors';
import { createLogger } from '@plataforma/runtime/logger';
import { principalKey } from '@plataforma/runtime/principal';
import { createRedis } from '@plataforma/runtime/redis';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { type RedisServer, startRedis } from '@plataforma/testing/servers/redis';
import type { Redis } from 'ioredis';
import { chamadaAtual, comMarcasDoAutor } from '../../src/replica/chamadas.ts';
import { doAutor, Marcas } from '../../src/replica/marcas.ts';
import { newId } from '../reservas-fixture.ts';

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
  redis = createRedis(server.url);
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const logger = createLogger({ service: 'spec', level: 'silent' });

/** Marks over a primary whose log has come as far as `posicao` says. */
function marcasEm(posicao: string, cliente: Pick<Redis, 'eval' | 'mget'> = redis): Marcas {
  const primario = { query: async <T>() => [{ posicao }] as T };
  return new Marcas({ primario, redis: cliente, logger });
}

describe('the mark of a change', () => {
  it('never goes back, whichever of two changes is noted last', async () => {
    const chave = doAutor(newId('cli'));
    await marcasEm('0/20').avancar([chave]);
    await marcasEm('0/3').avancar([chave]);
    expect(await marcasEm('0/0').maior([chave])).toBe('00000000/00000020');
    await marcasEm('1/0').avancar([chave]);
    expect(await marcasEm('0/0').maior([chave])).toBe('00000001/00000000');
  });

  it('is the furthest of those that a read has to see, and none where nothing was noted', async () => {
    const [uma, outra, nenhuma] = [doAutor(newId('cli')), doAutor(newId('cli')), doAutor(newId('cli'))];
    await marcasEm('0/9').avancar([uma]);
    await marcasEm('0/A').avancar([outra]);
    expect(await marcasEm('0/0').maior([outra, nenhuma, uma])).toBe('00000000/0000000A');
    expect(await marcasEm('0/0').maior([nenhuma])).toBeUndefined();
  });

  it('is forgotten after an hour', async () => {
    const chave = doAutor(newId('cli'));
    await marcasEm('0/20').avancar([chave]);
    const resta = await redis.ttl(chave);
    expect(resta).toBeGreaterThan(0);
    expect(resta).toBeLessThanOrEqual(3600);
  });

  it('keeps nobody waiting while Redis hangs: the change is made, and its reader is told that it is unknown', async () => {
    const calada = () => new Promise<never>(() => {});
    const marcas = marcasEm('0/20', { eval: calada, mget: calada } as unknown as Redis);
    await expect(marcas.avancar([doAutor('cli')])).resolves.toBeUndefined();
    await expect(marcas.maior([doAutor('cli')])).rejects.toThrow('too slow');
  });
});

type Servico = Parameters<typeof rpcService<typeof ReservasService>>[1];

describe('the calls of one caller', () => {
  const clienteId = newId('cli');
  const context = {
    values: createContextValues().set(principalKey, {
      ...{ id: clienteId, tipo: 'USUARIO', papeis: ['CLIENTE'], geracao: 1, token: '' },
      emitidoEm: new Date(0),
    }),
  } as unknown as HandlerContext;

  /** Notes whose marks were moved, and when: in the order of what the service does. */
  function servico(impl: Servico['impl'], direitos: NonNullable<Servico['direitos']> = {}) {
    const feito: string[] = [];
    const nomes = Object.keys(ReservasService.method) as (keyof typeof ReservasService.method)[];
    const acesso = Object.fromEntries(nomes.map((nome) => [nome, 'AUTENTICADO'])) as Record<
      (typeof nomes)[number],
      'AUTENTICADO'
    >;
    const marcas = { avancar: async (chaves: readonly string[]) => void feito.push(...chaves) };
    const repeats = {
      cotarReserva: async () => ({ id: chamadaAtual().escreve ? 'pelo primário' : 'pela réplica' }),
    };
    const marcado = comMarcasDoAutor(
      rpcService(ReservasService, { acesso, direitos, repeats, impl }),
      marcas,
    );
    return { feito, marcado };
  }

  const chamar = ({ methods }: RpcService, nome: string, request: object) => {
    const spec = methods.find(({ spec: { method } }) => method.localName === nome)?.spec as MethodImplSpec & {
      readonly impl: (request: object, context: HandlerContext) => Promise<unknown>;
    };
    return spec.impl(request, context);
  };

  it('are marked when they change something, also when they fail: something may have been committed', async () => {
    const { marcado, feito } = servico({
      async cotarReserva() {
        feito.push(chamadaAtual().escreve ? 'pelo primário' : 'pela réplica');
        throw rpcError(Code.Unavailable, 'SERVICO_INDISPONIVEL', 'Fora do ar.');
      },
    });
    const falha = chamar(marcado, 'cotarReserva', create(CotarReservaRequestSchema));
    await expect(falha).rejects.toThrow('Fora do ar.');
    expect(feito).toEqual(['pelo primário', doAutor(clienteId)]);
  });

  it('are repeated from the primary, and marked: the attempt before may have died before its own mark', async () => {
    const { marcado, feito } = servico({});
    const metodo = marcado.methods.find(({ spec }) => spec.method.localName === 'cotarReserva');
    const chamada = { ...context, responseHeader: new Headers() };
    const repetida = metodo?.load?.('cot_1', create(CotarReservaRequestSchema), chamada);
    expect(await repetida).toMatchObject({ id: 'pelo primário' });
    expect(feito).toEqual([doAutor(clienteId)]);
  });

  it('are let in by the primary: a right that was taken away is gone at once', async () => {
    const direito = async () => void feito.push(chamadaAtual().escreve ? 'pelo primário' : 'pela réplica');
    const { marcado, feito } = servico({}, { cotarReserva: direito });
    const metodo = marcado.methods.find(({ spec }) => spec.method.localName === 'cotarReserva');
    await metodo?.direito?.(create(CotarReservaRequestSchema), context);
    expect(feito).toEqual(['pelo primário']);
  });

  it('are not marked when they only read, and see what the caller has changed', async () => {
    const { marcado, feito } = servico({
      async listarReservas() {
        const { escreve, chaves } = chamadaAtual();
        feito.push(escreve ? 'pelo primário' : `depois de ${chaves}`);
        return {};
      },
    });
    await chamar(marcado, 'listarReservas', create(ListarReservasRequestSchema));
    expect(feito).toEqual([`depois de ${doAutor(clienteId)}`]);
  });
});
