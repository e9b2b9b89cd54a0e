import { create, type DescFile, setExtension, toBinary } from '@bufbuild/protobuf';
import { fileDesc, type GenService, serviceDesc } from '@bufbuild/protobuf/codegenv2';
import {
  FileDescriptorProtoSchema,
  file_google_protobuf_wrappers,
  MethodOptions_IdempotencyLevel as Idempotency,
  type Int32ValueSchema,
  MethodOptionsSchema,
  type StringValueSchema,
  timestampDate,
} from '@bufbuild/protobuf/wkt';
import { Code, type ServiceImpl } from '@connectrpc/connect';
import {
  file_auth_v1_auth_service,
  type LoginRequestSchema,
} from '@plataforma/contratos/auth/v1/auth_service_pb';
import {
  encerra_em,
  file_comum_v1_deprecacao,
  obsoleta_desde,
} from '@plataforma/contratos/comum/v1/deprecacao_pb';
import {
  type CotarReservaRequestSchema,
  file_reservas_v1_reservas_service,
} from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { rpcError } from '../src/errors/errors.ts';
import { type Acesso, type Direitos, type Repeats, rpcService } from '../src/rpc/rpc.ts';
import type { MostraDe } from '../src/rpc/shown.ts';

const TEXT = '.google.protobuf.StringValue';
const NUMBER = '.google.protobuf.Int32Value';

const file: DescFile = declare({
  name: 'teste/v1/eco_service.proto',
  package: 'teste.v1',
  syntax: 'proto3',
  dependency: [
    'google/protobuf/wrappers.proto',
    'auth/v1/auth_service.proto',
    'reservas/v1/reservas_service.proto',
    'comum/v1/deprecacao.proto',
  ],
  service: [
    {
      name: 'EcoService',
      method: [
        { name: 'Entrar', inputType: '.auth.v1.LoginRequest', outputType: TEXT },
        {
          name: 'Ler',
          inputType: TEXT,
          outputType: TEXT,
          options: { idempotencyLevel: Idempotency.NO_SIDE_EFFECTS },
        },
        {
          name: 'Cotar',
          inputType: '.reservas.v1.CotarReservaRequest',
          outputType: TEXT,
          options: { idempotencyLevel: Idempotency.NO_SIDE_EFFECTS },
        },
        { name: 'Gravar', inputType: TEXT, outputType: TEXT },
        { name: 'Administrar', inputType: TEXT, outputType: TEXT },
        { name: 'Futuro', inputType: TEXT, outputType: TEXT },
        { name: 'Antigo', inputType: TEXT, outputType: TEXT, options: obsoleto() },
      ],
    },
    {
      name: 'FluxoService',
      method: [
        { name: 'Contar', inputType: NUMBER, outputType: NUMBER, serverStreaming: true },
        { name: 'Ecoar', inputType: TEXT, outputType: TEXT, clientStreaming: true, serverStreaming: true },
      ],
    },
    {
      name: 'SomaService',
      method: [{ name: 'Somar', inputType: NUMBER, outputType: NUMBER, clientStreaming: true }],
    },
  ],
});

/** Deprecated, as the contract of a method says it. */
function obsoleto() {
  const options = create(MethodOptionsSchema, {
    deprecated: true,
    idempotencyLevel: Idempotency.NO_SIDE_EFFECTS,
  });
  setExtension(options, obsoleta_desde, '2027-03-01');
  setExtension(options, encerra_em, '2027-09-01');
  return options;
}

function declare(init: Parameters<typeof create<typeof FileDescriptorProtoSchema>>[1]): DescFile {
  const bytes = toBinary(FileDescriptorProtoSchema, create(FileDescriptorProtoSchema, init));
  const imports = [
    file_google_protobuf_wrappers,
    file_auth_v1_auth_service,
    file_reservas_v1_reservas_service,
    file_comum_v1_deprecacao,
  ];
  return fileDesc(Buffer.from(bytes).toString('base64'), imports);
}

type Text = typeof StringValueSchema;
type Int = typeof Int32ValueSchema;

/** A service with methods of all accesses, declared as generated code would. */
export const EcoService = serviceDesc(file, 0) as GenService<{
  entrar: { methodKind: 'unary'; input: typeof LoginRequestSchema; output: Text };
  ler: { methodKind: 'unary'; input: Text; output: Text };
  cotar: { methodKind: 'unary'; input: typeof CotarReservaRequestSchema; output: Text };
  gravar: { methodKind: 'unary'; input: Text; output: Text };
  administrar: { methodKind: 'unary'; input: Text; output: Text };
  futuro: { methodKind: 'unary'; input: Text; output: Text };
  antigo: { methodKind: 'unary'; input: Text; output: Text };
}>;

/** Streams of the kinds that health and reflection have, and the contracts of the platform have not. */
export const FluxoService = serviceDesc(file, 1) as GenService<{
  contar: { methodKind: 'server_streaming'; input: Int; output: Int };
  ecoar: { methodKind: 'bidi_streaming'; input: Text; output: Text };
}>;

/** A stream of the kind that no contract has. */
export const SomaService = serviceDesc(file, 2) as GenService<{
  somar: { methodKind: 'client_streaming'; input: Int; output: Int };
}>;

/** Access rules other than the usual ones. */
export type AcessoAoEco = Partial<Readonly<Record<keyof typeof EcoService.method, Acesso>>>;

/** The service with the handlers and access rules a test needs; the rest echoes, mostly without a token. */
export function ecoService(
  impl: Partial<ServiceImpl<typeof EcoService>> = {},
  direitos: Direitos<typeof EcoService> = {},
  acesso: AcessoAoEco = {},
  repeats: Repeats<typeof EcoService> = {},
  mostra?: MostraDe<typeof EcoService>,
) {
  return rpcService(EcoService, {
    acesso: {
      entrar: 'PUBLICO',
      ler: 'PUBLICO',
      cotar: 'PUBLICO',
      gravar: 'AUTENTICADO',
      administrar: { papeis: ['ADMIN'], servicos: ['reservas'] },
      futuro: 'PUBLICO',
      antigo: 'PUBLICO',
      ...acesso,
    },
    direitos,
    ...(mostra && { mostra }),
    repeats: {
      gravar: async (efeito) => ({ value: efeito }),
      administrar: async (efeito) => ({ value: efeito }),
      ...repeats,
    },
    impl: {
      entrar: ({ email }) => ({ value: email }),
      ler: ({ value }) => ({ value }),
      cotar: ({ dataInicio }) => ({ value: dataInicio ? timestampDate(dataInicio).toISOString() : '' }),
      gravar: ({ value }) => ({ value }),
      administrar: ({ value }) => ({ value }),
      antigo({ value }) {
        if (value === '') throw rpcError(Code.InvalidArgument, 'REQUISICAO_INVALIDA', 'Falta o texto.');
        return { value };
      },
      futuro: ({ value }) => ({ value }),
      ...impl,
    },
  });
}

/** The service of streams with handlers; the rest counts and echoes. */
export function fluxoService(impl: Partial<ServiceImpl<typeof FluxoService>> = {}) {
  return rpcService(FluxoService, {
    acesso: { contar: 'PUBLICO', ecoar: 'PUBLICO' },
    impl: {
      async *contar({ value }) {
        for (let number = 1; number <= value; number += 1) yield { value: number };
      },
      async *ecoar(texts) {
        for await (const { value } of texts) yield { value };
      },
      ...impl,
    },
  });
}
