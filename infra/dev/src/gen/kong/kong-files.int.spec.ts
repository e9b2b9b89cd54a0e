import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DescField, fromBinary } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ListUsersRequestSchema } from '@plataforma/contratos/auth/v1/users_service_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
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
} from '../contracts.ts';
import { REPOSITORY } from '../fixture-workspace.ts';

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
          post: '/api/v1/auth/signup',
          body: '*',
          additional_bindings: { post: '/api/v1/auth/register', body: '*' },
        },
      },
    ]);
  });

  it('carries no option but the HTTP one and no oneof', async () => {
    for (const name of await readdir(KONG)) {
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

  it('has texts for the instants of requests, and instants in answers', () => {
    const instants = (types: ReturnType<typeof requestTypes>) =>
      types.flatMap((type) => (type.kind === 'message' ? type.fields.filter(isInstant) : []));
    const declared = (field: DescField) =>
      copies.lookupType(field.parent.typeName).fields[field.jsonName]?.type;
    const services = packages.flatMap((restPackage) => restPackage.services);
    const [sent, answered] = [instants(requestTypes(services)), instants(responseTypes(services))];
    expect(sent.length).toBeGreaterThan(10);
    expect(new Set(sent.map(declared))).toEqual(new Set(['string']));
    expect(new Set(answered.map(declared))).toEqual(new Set(['google.protobuf.Timestamp']));
  });

  it('encodes the short name of an enum value as the number of the contract', () => {
    const request = copies.lookupType('auth.v1.ListUsersRequest');
    const bytes = request.encode(request.fromObject({ papel: 'GESTOR' })).finish();
    expect(fromBinary(ListUsersRequestSchema, bytes).papel).toBe(PapelUsuario.GESTOR);
  });
});
