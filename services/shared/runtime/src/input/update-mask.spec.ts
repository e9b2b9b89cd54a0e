import { create, fromJson, type JsonValue, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { UpdateUserRequestSchema } from '@plataforma/contratos/auth/v1/users_service_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import {
  type AtualizarEspacoRequest,
  AtualizarEspacoRequestSchema,
} from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { checkMessage } from './check-message.ts';
import { guardJson } from './json-guard.ts';
import { requestFromBinary } from './request-from-binary.ts';
import { RequestShape } from './request-shape.ts';
import { changesOf } from './update-mask.ts';

type Init = MessageInitShape<typeof AtualizarEspacoRequestSchema>;

const changes = (init: Init) =>
  changesOf(AtualizarEspacoRequestSchema, create(AtualizarEspacoRequestSchema, init), ['endereco', 'extras']);

/** What a caller is told, or the names of the mask as they reach a handler. */
function read(request: () => AtualizarEspacoRequest): string | undefined {
  try {
    const message = request();
    checkMessage(AtualizarEspacoRequestSchema, message);
    return message.updateMask?.paths.join(' ');
  } catch (err) {
    if (!(err instanceof ConnectError)) throw err;
    return err.rawMessage;
  }
}

/** As Kong sends it: the mask is a text between other fields. */
const overRest = (mask: string) =>
  read(() => {
    const rest = toBinary(
      AtualizarEspacoRequestSchema,
      create(AtualizarEspacoRequestSchema, { espacoId: 'e', nome: 'Sala' }),
    );
    const { number } = AtualizarEspacoRequestSchema.field.updateMask;
    const text = new BinaryWriter().tag(number, WireType.LengthDelimited).string(mask).finish();
    return requestFromBinary(AtualizarEspacoRequestSchema, new Uint8Array([...text, ...rest]));
  });

const inJson = (body: { [name: string]: JsonValue }) =>
  read(() => {
    const json = { espacoId: 'e', ...body };
    guardJson(RequestShape.of(AtualizarEspacoRequestSchema), Buffer.from(JSON.stringify(json)));
    return fromJson(AtualizarEspacoRequestSchema, json);
  });

describe('an update', () => {
  it('changes what is sent, when it names nothing', () => {
    expect(changes({ espacoId: 'e', etag: 'v1', nome: 'Sala', folgaMinutos: 0, extras: [] })).toEqual({
      given: { nome: 'Sala', folgaMinutos: 0 },
      cleared: [],
    });
  });

  it('changes what it names and nothing else, and clears what it names and does not send', () => {
    const updateMask = { paths: ['nome', 'extras', 'endereco'] };
    expect(changes({ espacoId: 'e', nome: 'Sala', endereco: '', capacidade: 9, updateMask })).toEqual({
      given: { nome: 'Sala', endereco: '' },
      cleared: ['extras'],
    });
  });

  it.each([
    ['capacidade', 'capacidade não foi enviado, e updateMask o nomeia'],
    ['limites.grade_minutos', 'updateMask nomeia parte de um campo; nomeie o campo inteiro'],
  ])('is refused where it names %s, which has nothing to go back to', (path, told) => {
    expect(() => changes({ espacoId: 'e', updateMask: { paths: [path] } })).toThrow(told);
  });

  it('leaves nobody without a role', () => {
    const request = create(UpdateUserRequestSchema, { usuarioId: 'u', updateMask: { paths: ['papeis'] } });
    expect(() => changesOf(UpdateUserRequestSchema, request, [])).toThrow('papeis não foi enviado');
    const roles = create(UpdateUserRequestSchema, { ...request, papeis: [PapelUsuario.CLIENTE] });
    expect(changesOf(UpdateUserRequestSchema, roles, []).given).toEqual({ papeis: [PapelUsuario.CLIENTE] });
  });
});

describe('the names of an update', () => {
  const MANY = Array.from({ length: 20 }, () => 'carenciaCancelamentoMinutos').join(',');

  it.each([
    ['nome', 'nome'],
    ['precoPorHora,carenciaCancelamentoMinutos', 'preco_por_hora carencia_cancelamento_minutos'],
  ])('are read from the text %s, over REST and in JSON', (text, names) => {
    expect([overRest(text), inJson({ updateMask: text })]).toEqual([names, names]);
  });

  it.each(['', 'nome,', 'nome, endereco', 'preco_por_hora', '*', 'Nome', '.nome', MANY])(
    'are no other text: "%s"',
    (text) => {
      const told =
        'Requisição inválida: updateMask deve nomear o que muda, com vírgulas entre os campos: nome,endereco.';
      expect([overRest(text), inJson({ updateMask: text })]).toEqual([told, told]);
    },
  );

  it.each(['nada', 'espacoId', 'etag', 'updateMask', 'tipo'])(
    'are those that can be changed: not %s',
    (text) => {
      const told = [overRest(text), inJson({ updateMask: text })];
      for (const one of told)
        expect(one).toMatch(
          /^Requisição inválida: updateMask só pode nomear nome, capacidade, .*, bonusMensal\.$/,
        );
    },
  );

  it('reach the service in binary as they are, and no more than a mask can need', () => {
    const mask = (paths: string[]) =>
      read(() =>
        requestFromBinary(
          AtualizarEspacoRequestSchema,
          toBinary(
            AtualizarEspacoRequestSchema,
            create(AtualizarEspacoRequestSchema, { espacoId: 'e', updateMask: { paths } }),
          ),
        ),
      );
    expect(mask(['nome', 'preco_por_hora'])).toBe('nome preco_por_hora');
    expect(mask([])).toMatch(/^Requisição inválida: updateMask deve nomear/);
    expect(mask(Array.from({ length: 33 }, () => 'nome'))).toBe(
      'Requisição inválida: updateMask.paths deve ter no máximo 32 itens.',
    );
    expect(mask(['n'.repeat(300)])).toBe(
      'Requisição inválida: updateMask.paths deve ter no máximo 64 caracteres.',
    );
  });

  it('are asked for where JSON has an empty list, which would change nothing without', () => {
    expect(inJson({ extras: [] })).toBe(
      'Requisição inválida: extras está vazia: para que fique sem nada, nomeie-a em updateMask.',
    );
    expect(inJson({ extras: [], updateMask: 'extras' })).toBe('extras');
  });
});
