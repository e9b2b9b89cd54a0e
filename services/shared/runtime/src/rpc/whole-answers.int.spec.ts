import { create, fromBinary, toBinary, toJson } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TipoLinhaPreco } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { type Listeners, startListeners } from '../../test/listeners.ts';
import { rawCall } from '../../test/raw-grpc.ts';
import { rpcService } from './rpc.ts';
import { wholeSchema } from './whole-answers.ts';

const { cotarReserva, ...others } = ReservasService.method;
const QUOTE = `/${ReservasService.typeName}/${cotarReserva.name}`;

/** What the handler leaves out is zero; what it does not know it leaves out, too. */
const cotacoes = rpcService(ReservasService, {
  acesso: {
    cotarReserva: 'PUBLICO',
    ...(Object.fromEntries(Object.keys(others).map((name) => [name, 'PUBLICO'])) as Record<
      keyof typeof others,
      'PUBLICO'
    >),
  },
  impl: {
    cotarReserva: () => ({
      id: 'cot_1',
      valor: { moeda: 'BRL' },
      preco: [{ tipo: TipoLinhaPreco.HORAS, valor: { moeda: 'BRL' } }, { descricao: 'Limpeza' }],
    }),
  },
});

/** As JSON has it: fields without a value are not there. */
const WHOLE = {
  id: 'cot_1',
  espacoId: '',
  valor: { centavos: '0', moeda: 'BRL' },
  preco: [
    { tipo: 'TIPO_LINHA_PRECO_HORAS', descricao: '', valor: { centavos: '0', moeda: 'BRL' } },
    { descricao: 'Limpeza' },
  ],
  disponivel: false,
};

describe('answers', () => {
  let listeners: Listeners;
  const request = toBinary(
    cotarReserva.input,
    create(cotarReserva.input, {
      espacoId: 'esp_1',
      dataInicio: { seconds: 1_900_000_000n },
      dataFim: { seconds: 1_900_003_600n },
    }),
  );

  const overHttp = async (type: string, body: string | Uint8Array<ArrayBuffer>) => {
    const url = `http://127.0.0.1:${listeners.httpPort}${QUOTE}`;
    const answer = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
    return new Uint8Array(await answer.arrayBuffer());
  };

  /** Read by a schema that tells what was written from what is zero because it was not. */
  const written = (bytes: Uint8Array) => {
    const schema = wholeSchema(cotarReserva.output);
    return toJson(schema, fromBinary(schema, bytes));
  };

  beforeAll(async () => {
    listeners = await startListeners({ others: [cotacoes] });
  });
  afterAll(() => listeners.close());

  it('say zero, false and the empty text over gRPC, where a field is always there, and no word for none', async () => {
    const { data } = await rawCall(listeners.grpcPort, QUOTE, request);
    expect(written(data.subarray(5))).toEqual(WHOLE);
  });

  it('say the same in JSON', async () => {
    const body = JSON.stringify({
      espacoId: 'esp_1',
      dataInicio: '2030-03-17T18:00:00Z',
      dataFim: '2030-03-17T19:00:00Z',
    });
    const answer = await overHttp('application/json', body);
    expect(JSON.parse(Buffer.from(answer).toString())).toEqual(WHOLE);
  });

  it('say the same in binary over HTTP', async () => {
    expect(written(await overHttp('application/proto', new Uint8Array(request)))).toEqual(WHOLE);
  });

  it('are the same messages to who reads them by the contract', async () => {
    const { data } = await rawCall(listeners.grpcPort, QUOTE, request);
    const read = fromBinary(cotarReserva.output, data.subarray(5));
    expect(read).toEqual(
      create(cotarReserva.output, {
        id: 'cot_1',
        valor: { moeda: 'BRL' },
        preco: [{ tipo: TipoLinhaPreco.HORAS, valor: { moeda: 'BRL' } }, { descricao: 'Limpeza' }],
      }),
    );
    expect(read.$unknown).toBeUndefined();
  });
});
