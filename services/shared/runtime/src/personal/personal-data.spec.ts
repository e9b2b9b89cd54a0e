import { randomBytes } from 'node:crypto';
import { create, fromJsonString, toJsonString } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  AvisoDeSegurancaSchema,
  file_auth_v1_eventos,
  UsuarioRegistradoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { file_pagamentos_v1_eventos } from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { openPersonal } from './opening.ts';
import { type PersonalKeys, PersonalKeysUnavailableError } from './personal-keys.ts';
import { NotOpenedError } from './sealed-text.ts';
import { createSeal } from './sealing.ts';

const ANA = {
  usuarioId: 'cli_ana',
  nome: 'Ana Conceição',
  email: 'ana@exemplo.com',
  codigoVerificacao: 'c0d1g0',
};
const TIPO = UsuarioRegistradoSchema.typeName;

let people: Map<string, Buffer>;
let away: boolean;
const keys: PersonalKeys = {
  async keyOf(personId) {
    if (away) throw new PersonalKeysUnavailableError('away');
    return people.get(personId);
  },
};
const seal = createSeal([file_auth_v1_eventos], { keys, withoutKeys: 'WAITS' });
const sealedAna = () =>
  seal(TIPO, toJsonString(UsuarioRegistradoSchema, create(UsuarioRegistradoSchema, ANA)));

beforeEach(() => {
  away = false;
  people = new Map([
    ['cli_ana', randomBytes(32)],
    ['cli_bia', randomBytes(32)],
  ]);
});

/** As a consumer gets it. */
async function opened(payload: string, { opens = true } = {}) {
  const message = fromJsonString(UsuarioRegistradoSchema, payload);
  return {
    isComplete: await openPersonal(UsuarioRegistradoSchema, message, opens ? keys : undefined),
    message,
  };
}

describe('personal data in an event', () => {
  it('leaves as ciphertext that still is the JSON of its message, and is opened to what it was', async () => {
    const payload = await sealedAna();
    expect(payload).not.toMatch(/Ana|Concei|exemplo|c0d1g0/);
    expect(JSON.parse(payload)).toEqual({
      usuarioId: 'cli_ana',
      nome: expect.stringMatching(/^pessoal:v1:[\w-]{38,}$/),
      email: expect.stringMatching(/^pessoal:v1:[\w-]{38,}$/),
      codigoVerificacao: expect.stringMatching(/^pessoal:v1:[\w-]{38,}$/),
    });
    expect(await opened(payload)).toMatchObject({ isComplete: true, message: ANA });
  });

  it('is sealed anew each time: nobody sees that two events say the same', async () => {
    expect(await sealedAna()).not.toBe(await sealedAna());
  });

  it('is empty for a consumer that opens nothing, which needs no key', async () => {
    const payload = await sealedAna();
    away = true;
    const { isComplete, message } = await opened(payload, { opens: false });
    expect(isComplete).toBe(true);
    expect(message).toMatchObject({ usuarioId: 'cli_ana', nome: '', email: '', codigoVerificacao: '' });
  });

  it('is empty once the key is destroyed, and whoever wanted it is told', async () => {
    const payload = await sealedAna();
    people.delete('cli_ana');
    expect(await opened(payload)).toMatchObject({ isComplete: false, message: { nome: '', email: '' } });
  });

  it('does not leave any more once the key is destroyed, and whoever wants it later is told without a key', async () => {
    people.delete('cli_ana');
    const payload = await sealedAna();
    expect(payload).not.toMatch(/Ana|exemplo|c0d1g0/);
    away = true;
    expect(await opened(payload)).toMatchObject({ isComplete: false, message: { nome: '', email: '' } });
  });

  it('in clear, of a release before, is understood', async () => {
    away = true;
    const payload = toJsonString(UsuarioRegistradoSchema, create(UsuarioRegistradoSchema, ANA));
    expect(await opened(payload)).toMatchObject({ isComplete: true, message: ANA });
  });

  it('that looks like sealed is sealed all the same', async () => {
    const nome = 'pessoal:v1:';
    const payload = await seal(TIPO, JSON.stringify({ usuarioId: 'cli_ana', nome }));
    expect(await opened(payload)).toMatchObject({ isComplete: true, message: { nome } });
  });

  it('stays absent where there is none', async () => {
    away = true;
    const payload = '{"usuarioId":"cli_ana","tipo":"TIPO_AVISO_SEGURANCA_MFA_ATIVADO"}';
    expect(await seal(AvisoDeSegurancaSchema.typeName, payload)).toBe(payload);
  });

  it.each([
    ['of another person', { usuarioId: 'cli_bia' }],
    ['in another field', (event: typeof ANA) => ({ nome: event.email })],
    [
      'changed by one letter',
      ({ nome }: typeof ANA) => ({ nome: nome.replace(/(?<=v1:)./, (one) => (one === 'A' ? 'B' : 'A')) }),
    ],
    ['cut short', { nome: 'pessoal:v1:AAAA' }],
  ])('%s does not open, and the error tells nothing of it', async (_, change) => {
    const event = JSON.parse(await sealedAna());
    const changed = { ...event, ...(typeof change === 'function' ? change(event) : change) };
    const failure = await opened(JSON.stringify(changed)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NotOpenedError);
    expect(String(failure)).not.toMatch(/cli_|Ana/);
  });

  it('waits for its key, or goes without its texts where more hangs on the event', async () => {
    away = true;
    await expect(sealedAna()).rejects.toThrow(PersonalKeysUnavailableError);
    const goes = createSeal([file_auth_v1_eventos], { keys, withoutKeys: 'GOES_WITHOUT' });
    const payload = await goes(TIPO, JSON.stringify(ANA));
    expect(JSON.parse(payload)).toEqual({ usuarioId: 'cli_ana', nome: '', email: '', codigoVerificacao: '' });
  });
});

describe('createSeal', () => {
  it('leaves events alone that say nothing about anybody', async () => {
    away = true;
    const payload = '{"usuarioId": "cli_ana"}';
    expect(await seal(UsuarioRemovidoSchema.typeName, payload)).toBe(payload);
    expect(await seal('teste.v1.Fato', payload)).toBe(payload);
    expect(await createSeal([file_pagamentos_v1_eventos], undefined)('pagamentos.v1.X', payload)).toBe(
      payload,
    );
  });

  it('refuses to be made without keys where there is something to seal', () => {
    expect(() => createSeal([file_auth_v1_eventos], undefined)).toThrow(
      /UsuarioRegistrado has personal data/,
    );
  });
});
