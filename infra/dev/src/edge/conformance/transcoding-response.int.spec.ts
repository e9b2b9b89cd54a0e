import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Script } from '../upstream/scripted-upstream.ts';
import { type ConformanceTarget, openTarget } from './conformance-target.ts';

let target: ConformanceTarget;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target?.close());
beforeEach(() => {
  target.grpc.script = {};
});

function k(message: Record<string, unknown>): Buffer {
  return Buffer.from(target.k.encode(target.k.fromObject(message)).finish());
}

function pw(message: Record<string, unknown>): Buffer {
  return Buffer.from(target.pw.encode(target.pw.fromObject(message)).finish());
}

async function get(path: string, script: Script, headers: Record<string, string> = {}): Promise<Response> {
  target.grpc.script = script;
  return fetch(target.baseUrl + path, { headers });
}

const POST_FUNCTION = { 'x-post-function': 'on' };

describe('messages', () => {
  it('K01 answers 200 with the JSON of the message', async () => {
    const response = await get('/k/a1', { replies: [k({ id: 'a1', numero: -3, ligado: true, real: 1.5 })] });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({
      id: 'a1',
      numero: -3,
      ligado: true,
      real: 1.5,
      nomes: [],
      numeros: [],
      itens: [],
      rotulos: {},
    });
  });

  it('K30 prints int64 with 14 significant digits', async () => {
    const exact = await get('/k/a', { replies: [k({ grande: '1732360000000' })] });
    expect(await exact.text()).toMatch(/"grande":1732360000000[,}]/);
    const rounded = await get('/k/a', { replies: [k({ grande: '123456789012345' })] });
    expect(await rounded.text()).toMatch(/"grande":1\.2345678901234e\+14[,}]/);
  });

  it('prints a float as the double that it is', async () => {
    const response = await get('/k/a', { replies: [k({ curto: 0.1 })] });
    expect(await response.text()).toContain('"curto":0.10000000149012');
  });

  it('K31 names known enum values and numbers unknown ones', async () => {
    const known = await get('/k/a', { replies: [k({ status: 1 })] });
    expect(await known.json()).toMatchObject({ status: 'ATIVO' });
    const unknown = await get('/k/a', { replies: [Buffer.from([0x38, 9])] });
    expect(await unknown.json()).toMatchObject({ status: 9 });
  });

  it('K32 renders instants in whole seconds and without a zone', async () => {
    const quando = { seconds: 1738418400, nanos: 987_000_000 };
    const response = await get('/k/a', { replies: [k({ quando, id: '2025-02-01T14:00:00' })] });
    expect(await response.json()).toMatchObject({ quando: '2025-02-01T14:00:00', id: '2025-02-01T14:00:00' });
  });

  it('K32 gives instants, and texts that look like one, a zone under the post-function', async () => {
    const quando = { seconds: 1738418400 };
    const replies = [
      k({ quando, id: '2025-02-01T14:00:00', nomes: ['2025-02-01T14:00:00.5', '2025-02-01'] }),
    ];
    const response = await get('/k/a', { replies }, POST_FUNCTION);
    expect(await response.json()).toMatchObject({
      quando: '2025-02-01T14:00:00Z',
      id: '2025-02-01T14:00:00Z',
      nomes: ['2025-02-01T14:00:00.5', '2025-02-01'],
    });
  });

  it('K34 renders an empty message with all defaults in proto3, with lists and maps only in proto2', async () => {
    const plain = await get('/pw/a', { replies: [pw({})] });
    expect(await plain.json()).toEqual({
      id: '',
      numero: 0,
      grande: 0,
      ligado: false,
      real: 0,
      situacao: 'SITUACAO_INDEFINIDA',
      nomes: [],
      rotulos: {},
      espaco_id: '',
      numeros: [],
    });
    const generated = await get('/k/a', { replies: [k({})] });
    expect(await generated.json()).toEqual({ nomes: [], numeros: [], itens: [], rotulos: {} });
  });

  it('K35 leaves out an unset sub-message and renders a set one', async () => {
    const unset = await get('/k/a', { replies: [k({ id: 'x' })] });
    expect(await unset.json()).not.toHaveProperty('valor');
    const set = await get('/k/a', { replies: [k({ valor: {}, itens: [{ moeda: 'BRL' }, {}] })] });
    expect(await set.json()).toMatchObject({ valor: {}, itens: [{ moeda: 'BRL' }, {}] });
  });

  it('K37 adds the name of the oneof member', async () => {
    const response = await get('/pw/a', { replies: [pw({ pix: 'chave' })] });
    expect(await response.json()).toMatchObject({ pix: 'chave', forma: 'pix' });
  });

  it('reads packed and unpacked numbers and string maps', async () => {
    const packed = await get('/pw/a', {
      replies: [pw({ numeros: [1, 2, -1], rotulos: { cor: 'azul', b: '' } })],
    });
    expect(await packed.json()).toMatchObject({ numeros: [1, 2, -1], rotulos: { cor: 'azul', b: '' } });
    const unpacked = await get('/k/a', { replies: [k({ numeros: [1, 2] })] });
    expect(await unpacked.json()).toMatchObject({ numeros: [1, 2] });
  });

  // A slash is escaped or not by the plugins that Kong has loaded; in JSON that is the same text.
  it('passes UTF-8 and escapes what JSON and cjson escape', async () => {
    const id = 'São"\\\n\u007f€😀';
    const response = await get('/k/a', { replies: [k({ id })] });
    const text = await response.text();
    expect(JSON.parse(text).id).toBe(id);
    expect(text).toContain('São\\"\\\\\\n\\u007f€😀');
  });

  it('renders bytes as they are, not in base64', async () => {
    const response = await get('/k/a', { replies: [k({ dados: Buffer.from([0x61, 0xff, 0x62]) })] });
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.includes(Buffer.from([0x22, 0x61, 0xff, 0x62, 0x22]))).toBe(true);
  });

  it('renders Duration and wrappers as plain messages', async () => {
    const response = await get('/k/a', {
      replies: [k({ duracao: { seconds: 3600 }, texto: { value: 'x' } })],
    });
    expect(await response.json()).toMatchObject({
      duracao: { seconds: 3600, nanos: 0 },
      texto: { value: 'x' },
    });
  });

  it('K70 joins the messages of a server stream without a separator', async () => {
    const response = await get('/k/fluxo', { replies: [k({ id: '1' }), k({ id: '2' })] });
    const objects = (await response.text()).replaceAll('}{', '}\n{').split('\n');
    expect(objects.map((text) => JSON.parse(text).id)).toEqual(['1', '2']);
  });
});

describe('creations', () => {
  it('K53 answers 201 under the post-function when the service asks for it', async () => {
    const script = { leading: { 'x-http-code': '201' }, replies: [k({ id: 'x' })] };
    const created = await get('/k/a', script, POST_FUNCTION);
    expect(created.status).toBe(201);
    expect(created.headers.has('x-http-code')).toBe(false);
    expect(await created.json()).toMatchObject({ id: 'x' });
    const plain = await get('/k/a', script);
    expect(plain.status).toBe(200);
    expect(plain.headers.get('x-http-code')).toBe('201');
  });

  it('K53 ignores a wish that is no success', async () => {
    const script = { leading: { 'x-http-code': '500' }, replies: [k({})] };
    expect((await get('/k/a', script, POST_FUNCTION)).status).toBe(200);
  });
});
