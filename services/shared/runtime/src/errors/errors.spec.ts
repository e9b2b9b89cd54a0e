import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { ErrorInfoSchema, RequestInfoSchema } from '@plataforma/contratos/google/rpc/error_details_pb';
import { DomainError } from '@plataforma/domain/domain-error';
import { Result } from '@plataforma/domain/result';
import { factsHeader, factsOf, naming, problemOf } from './error-details.ts';
import { motivoDe, refusals, retryAfter, rpcError, toConnectError } from './errors.ts';

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });
const named = (name: string) => Object.assign(new Error('x'), { name });

describe('rpcError', () => {
  it('carries the reason as detail and as metadata', () => {
    const error = rpcError(Code.NotFound, 'ESPACO_NAO_ENCONTRADO', 'Espaço não encontrado.', {
      espacoId: 'esp_1',
    });
    expect(error).toMatchObject({ code: Code.NotFound, rawMessage: 'Espaço não encontrado.' });
    expect(error.metadata.get('x-erro-codigo')).toBe('ESPACO_NAO_ENCONTRADO');
    expect(motivoDe(error)).toBe('ESPACO_NAO_ENCONTRADO');
    const [info] = error.findDetails(ErrorInfoSchema);
    expect(info).toMatchObject({ domain: 'plataforma.reservas', metadata: { espacoId: 'esp_1' } });
  });
});

describe('refusals', () => {
  class SemVagaError extends DomainError {
    override readonly motivo = 'SEM_VAGA';
  }
  class EsperaError extends DomainError {
    override readonly motivo = 'ESPERA';
    readonly segundos = 90;
  }
  const { toRpcError, valueOrThrow } = refusals({
    SEM_VAGA: Code.AlreadyExists,
    ESPERA: Code.ResourceExhausted,
  });

  it('have the code of the table, their own reason, message and facts, and themselves as cause', () => {
    const refusal = new SemVagaError('Não há vaga.', { espacoId: 'esp_1' });
    const error = toRpcError(refusal);
    expect(error).toMatchObject({ code: Code.AlreadyExists, rawMessage: 'Não há vaga.', cause: refusal });
    expect(motivoDe(error)).toBe('SEM_VAGA');
    expect(error.findDetails(ErrorInfoSchema)[0]?.metadata).toEqual({ espacoId: 'esp_1' });
    expect(error.metadata.get('retry-after')).toBeNull();
  });

  it('tell when to come back if they know', () => {
    expect(toRpcError(new EsperaError('Espere.')).metadata.get('retry-after')).toBe('90');
  });

  it('are thrown out of a result, whose value is answered otherwise', () => {
    expect(valueOrThrow<number>(Result.ok(1))).toBe(1);
    expect(() => valueOrThrow(Result.fail(new SemVagaError('Não há vaga.')))).toThrow(
      expect.objectContaining({ code: Code.AlreadyExists }),
    );
  });
});

describe('what is too long for the headers of an answer', () => {
  it('is left out of the facts from where there is no room, and named', () => {
    const facts = {
      a: 'x'.repeat(1_400),
      b: 'x'.repeat(1_400),
      c: 'x'.repeat(400),
      d: 'x'.repeat(190),
      e: 'x',
    };
    const told = factsOf(rpcError(Code.NotFound, 'X', 'x', facts));
    expect(Object.keys(told)).toEqual(['a', 'c', 'd', 'omitidos']);
    expect(told.omitidos).toEqual(['b', 'e']);
  });

  it('is cut in a message, between two characters', () => {
    const { rawMessage } = rpcError(Code.NotFound, 'X', '🗓️'.repeat(1_000));
    expect([...rawMessage]).toHaveLength(1_000);
    expect(rawMessage.isWellFormed() && rawMessage.endsWith('…')).toBe(true);
    expect(rpcError(Code.NotFound, 'X', '🗓'.repeat(1_000)).rawMessage).toBe('🗓'.repeat(1_000));
  });

  it('is left out of the facts as a whole, and named', () => {
    const error = rpcError(Code.NotFound, 'X', 'x', { a: '1', b: 'á'.repeat(2_000), c: '2' });
    expect(factsOf(error)).toEqual({ a: '1', c: '2', omitidos: ['b'] });
    expect(error.findDetails(ErrorInfoSchema)[0]?.metadata).toEqual({ a: '1', c: '2' });
  });

  it('is cut in the error of a library, which keeps its code and details', () => {
    const error = toConnectError(new ConnectError('x'.repeat(5_000), Code.InvalidArgument));
    expect([error.code, error.rawMessage.length, motivoDe(error)]).toEqual([
      Code.InvalidArgument,
      1_000,
      'REQUISICAO_INVALIDA',
    ]);
  });
});

describe('the facts of an error', () => {
  const facts = {
    maximo: 5,
    datas: ['2027-01-01'],
    periodo: { dataInicio: 'a' },
    repetida: false,
    nome: 'ç"',
  };
  const error = rpcError(Code.AlreadyExists, 'OCUPADO', 'Não há vaga.', facts);

  it('are told as they are, and those of one value as texts in ErrorInfo', () => {
    expect(factsOf(error)).toEqual(facts);
    const told = { maximo: '5', repetida: 'false', nome: 'ç"' };
    expect(error.findDetails(ErrorInfoSchema)[0]?.metadata).toEqual(told);
  });

  it('fit into a header', () => {
    const header = factsHeader(facts);
    expect(header).toMatch(/^[ -~]+$/);
    expect(JSON.parse(header)).toEqual(facts);
  });

  it('are details of the body of an error, under the id of the request', () => {
    expect(problemOf(error, motivoDe(error), 'pedido-1')).toEqual({
      ...{ code: 'already_exists', message: 'Não há vaga.', reason: 'OCUPADO', requestId: 'pedido-1' },
      details: facts,
    });
  });

  it('come with the request that was answered last, once', () => {
    const named = naming(naming(error, 'pedido-1'), 'pedido-2');
    expect(named.findDetails(RequestInfoSchema).map(({ requestId }) => requestId)).toEqual(['pedido-2']);
    expect(factsOf(named)).toEqual(facts);
  });
});

describe('retryAfter', () => {
  it.each([
    [0.2, '1'],
    [59.1, '60'],
  ])('says %s seconds as %s', (seconds, header) => {
    const error = retryAfter(rpcError(Code.ResourceExhausted, 'LIMITE_DE_REQUISICOES', 'x'), seconds);
    expect(error.metadata.get('retry-after')).toBe(header);
  });
});

describe('toConnectError', () => {
  it('says when to come back if the failure does', () => {
    const busy = Object.assign(new Error('too many'), { code: 'ESEMLOCKED', retryAfterSeconds: 6 });
    const error = toConnectError(busy);
    expect([error.code, error.metadata.get('retry-after')]).toEqual([Code.Unavailable, '6']);
    expect(toConnectError(withCode('ESEMLOCKED')).metadata.get('retry-after')).toBeNull();
  });

  it('returns an error of ours as it is', () => {
    const error = rpcError(Code.Aborted, 'ETAG_DESATUALIZADA', 'Alguém mudou o espaço.');
    expect(toConnectError(error)).toBe(error);
  });

  it.each([
    ['a refused connection', withCode('ECONNREFUSED'), Code.Unavailable, 'SERVICO_INDISPONIVEL'],
    ['an open breaker', withCode('EOPENBREAKER'), Code.Unavailable, 'SERVICO_INDISPONIVEL'],
    ['a database that is shutting down', withCode('57P01'), Code.Unavailable, 'SERVICO_INDISPONIVEL'],
    ['a lost database connection', withCode('08006'), Code.Unavailable, 'SERVICO_INDISPONIVEL'],
    [
      'an exhausted pool',
      new Error('timeout exceeded when trying to connect'),
      Code.Unavailable,
      'SERVICO_INDISPONIVEL',
    ],
    ['ids that cannot be given out', named('IdsUnavailableError'), Code.Unavailable, 'SERVICO_INDISPONIVEL'],
    ['a serialization failure', withCode('40001'), Code.Aborted, 'CONFLITO_CONCORRENCIA'],
    ['an abort', named('AbortError'), Code.Canceled, 'REQUISICAO_CANCELADA'],
    ['a timeout', named('TimeoutError'), Code.DeadlineExceeded, 'PRAZO_ESGOTADO'],
    ['a unique violation nobody handled', withCode('23505'), Code.Internal, 'ERRO_INTERNO'],
    ['anything else', new TypeError('x is not a function'), Code.Internal, 'ERRO_INTERNO'],
    ['a thrown string', 'segredo', Code.Internal, 'ERRO_INTERNO'],
    ['a library error of code UNKNOWN', new ConnectError('segredo'), Code.Internal, 'ERRO_INTERNO'],
  ])('maps %s', (_, err, code, motivo) => {
    const error = toConnectError(err);
    expect([error.code, motivoDe(error)]).toEqual([code, motivo]);
    expect(error.rawMessage).not.toContain('segredo');
    expect(error.cause).toBe(err);
  });

  it('finds the reason behind the wrapper of the ORM', () => {
    const query = Object.assign(new Error('query failed'), { driverError: withCode('ECONNRESET') });
    expect(toConnectError(new Error('could not load', { cause: query })).code).toBe(Code.Unavailable);
  });

  it('does not follow a circle of causes for ever', () => {
    const circle = new Error('a');
    circle.cause = circle;
    expect(toConnectError(circle).code).toBe(Code.Internal);
  });

  it('keeps code and message of a plain ConnectError and gives it the reason of its code', () => {
    const error = toConnectError(new ConnectError('campo inválido', Code.InvalidArgument));
    expect([error.code, error.rawMessage, motivoDe(error)]).toEqual([
      Code.InvalidArgument,
      'campo inválido',
      'REQUISICAO_INVALIDA',
    ]);
  });
});
