import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { CriarReservaRequestSchema } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { requestFromBinary } from '@plataforma/runtime/request-from-binary';
import protobuf from 'protobufjs';
import {
  isInstant,
  loadContracts,
  type RestPackage,
  requestTypes,
  responseTypes,
  restPackages,
  shortValueName,
  TIMESTAMP,
} from '../contracts.ts';
import { REPOSITORY } from '../fixture-workspace.ts';
import { SENT_SUFFIX } from './kong-uses.ts';

const KONG = join(REPOSITORY, 'gen/kong');

/** The committed copies, parsed as the REST edge does: imports relative to their own folder. */
async function parseCopies(): Promise<protobuf.Root> {
  const root = new protobuf.Root();
  root.resolvePath = (_, target) => join(KONG, target);
  const files = (await readdir(KONG)).filter((name) => name.endsWith('.proto'));
  await root.load(files, { keepCase: true });
  root.resolveAll();
  return root;
}

describe('gen/kong', () => {
  let copies: protobuf.Root;
  let packages: RestPackage[];

  beforeAll(async () => {
    copies = await parseCopies();
    const scratch = await mkdtemp(join(tmpdir(), 'plataforma-kong-'));
    packages = restPackages(await loadContracts(REPOSITORY, scratch));
    await rm(scratch, { recursive: true });
  });

  it('has every RPC with a REST path when parsed by protobufjs', () => {
    for (const { services } of packages) {
      for (const { service, rpcs } of services) {
        const copy = copies.lookupService(service.typeName);
        expect(Object.keys(copy.methods).sort()).toEqual(rpcs.map(({ rpc }) => rpc.name).sort());
      }
    }
    expect(packages.map(({ name }) => name)).toEqual(['auth', 'notificacoes', 'pagamentos', 'reservas']);
  });

  it('keeps the second path of an RPC when there is one', () => {
    const signup = copies.lookupService('auth.v1.AuthService').methods.Signup;
    expect(signup?.parsedOptions).toEqual([
      {
        '(google.api.http)': {
          post: '/api/v1/auth/signup/?',
          body: '*',
          additional_bindings: { post: '/api/v1/auth/register/?', body: '*' },
        },
      },
    ]);
  });

  it('carries no option but the HTTP one and no oneof', async () => {
    const protos = (await readdir(KONG)).filter((name) => name.endsWith('.proto'));
    for (const name of protos) {
      const text = await readFile(join(KONG, name), 'utf8');
      const rest = text.replaceAll(/^\/\/.*$|option \(google\.api\.http\) = |additional_bindings/gm, '');
      expect(rest).not.toMatch(/\boption\b|\[|\boneof\b|_[a-z]/);
      expect(text).toMatch(/^syntax = "proto2";$/m);
    }
  });

  it('encodes what the contract decodes when names differ', () => {
    const request = copies.lookupType('reservas.v1.CriarReservaRequest');
    const sent = { espacoId: 'esp_1', dataInicio: '2025-02-01T11:00:00-03:00' };
    const bytes = request.encode(request.fromObject(sent)).finish();
    const decoded = requestFromBinary(CriarReservaRequestSchema, bytes);
    expect(decoded.espacoId).toBe('esp_1');
    expect(decoded.dataInicio && timestampDate(decoded.dataInicio).toISOString()).toBe(
      '2025-02-01T14:00:00.000Z',
    );
  });

  const messages = (types: ReturnType<typeof requestTypes>) =>
    types.flatMap((type) => (type.kind === 'message' && type.typeName !== TIMESTAMP ? type : []));
  const services = () => packages.flatMap((restPackage) => restPackage.services);
  /** The copy in which a message is sent. */
  const sentCopy = ({ typeName }: DescMessage): protobuf.Type =>
    (copies.lookup(`${typeName}${SENT_SUFFIX}`, [protobuf.Type]) as protobuf.Type | null) ??
    copies.lookupType(typeName);
  const sentFields = () => messages(requestTypes(services())).flatMap(({ fields }) => fields);
  const declared = (field: DescField) => sentCopy(field.parent).fields[field.jsonName]?.type;

  it('has texts for the instants of requests, and instants in answers', () => {
    const instants = (types: ReturnType<typeof requestTypes>) =>
      messages(types).flatMap(({ fields }) => fields.filter(isInstant));
    const [sent, answered] = [instants(requestTypes(services())), instants(responseTypes(services()))];
    expect(sent.length).toBeGreaterThan(10);
    expect(new Set(sent.map(declared))).toEqual(new Set(['string']));
    expect(
      new Set(
        answered.map(({ parent, jsonName }) => copies.lookupType(parent.typeName).fields[jsonName]?.type),
      ),
    ).toEqual(new Set(['google.protobuf.Timestamp']));
  });

  it('has no word and no number in a request that the gateway would change', () => {
    const words = sentFields().filter((field) => field.enum !== undefined);
    const numbers = sentFields().filter(({ scalar }) => scalar && /INT/.test(ScalarType[scalar]));
    expect([words.length > 15, numbers.length > 30]).toEqual([true, true]);
    expect(new Set(words.map(declared))).toEqual(new Set(['string']));
    expect(new Set(numbers.map(declared))).toEqual(new Set(['double', 'string']));
  });

  it('has truth values in bodies only, where a text would keep them out', () => {
    const truths = sentFields().filter(({ scalar }) => scalar === ScalarType.BOOL);
    const inQueries = truths.filter((field) => declared(field) === 'string').map(({ parent }) => parent.name);
    expect(new Set(inQueries)).toEqual(
      new Set(['ListErasuresRequest', 'ListUsersRequest', 'ListarEspacosRequest', 'ObterReservaRequest']),
    );
  });

  it('encodes every word of every enum that is sent as the number of the contract', () => {
    const words = sentFields().flatMap((field) =>
      (field.enum?.values ?? []).map((value) => ({ field, value })),
    );
    for (const { field, value } of words) {
      const isList = field.fieldKind === 'list';
      const word = shortValueName(value);
      const copy = sentCopy(field.parent);
      const bytes = copy.encode(copy.fromObject({ [field.jsonName]: isList ? [word, word] : word })).finish();
      const decoded = requestFromBinary(field.parent, bytes) as unknown as Record<string, unknown>;
      const { number } = value;
      expect([word, decoded[field.localName]]).toEqual([word, isList ? [number, number] : number]);
    }
  });

  it('encodes numbers of every field that is sent', () => {
    const numbers = sentFields().filter(({ scalar }) => scalar && /INT/.test(ScalarType[scalar]));
    for (const field of numbers) {
      const copy = sentCopy(field.parent);
      for (const number of [0, 1, 127, 128, 65_535, 2_147_483_647]) {
        const sent = declared(field) === 'string' ? String(number) : number;
        const bytes = copy.encode(copy.fromObject({ [field.jsonName]: sent })).finish();
        const decoded = requestFromBinary(field.parent, bytes) as unknown as Record<string, unknown>;
        expect([String(field), Number(decoded[field.localName])]).toEqual([String(field), number]);
      }
    }
  });
});
