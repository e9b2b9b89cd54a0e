import { describe, expect, it } from '@jest/globals';
import { frame } from '@plataforma/testing/fuzz/calls';
import { EcoService, FluxoService } from '../../test/eco-service.ts';
import { FrameGuard } from './grpc-frames.ts';

const one = () => new FrameGuard({ method: EcoService.method.ler, maxBytes: 64 * 1024 });
const many = () => new FrameGuard({ method: FluxoService.method.ecoar, maxBytes: 64 * 1024 });
const bytes = (length: number) => frame(new Uint8Array(length));

const packed = () => {
  const framed = bytes(10);
  framed[0] = 1;
  return framed;
};

const refusal = (told: string) => expect.objectContaining({ rawMessage: expect.stringContaining(told) });
const NOT_OF_CONTRACT = refusal('não corresponde ao contrato');

describe('FrameGuard', () => {
  it('lets the one message of a call pass, whole, in parts, empty or compressed', () => {
    for (const message of [bytes(64 * 1024), bytes(0), packed()]) {
      const whole = one();
      expect(() => whole.check(message)).not.toThrow();
      const inParts = one();
      for (let at = 0; at < message.length; at += 100) inParts.check(message.subarray(at, at + 100));
    }
  });

  it('refuses a message by the length that it tells, before it is there', () => {
    expect(() => one().check(bytes(64 * 1024 + 1).subarray(0, 5))).toThrow(refusal('no máximo 64 KiB'));
  });

  it('refuses a second message, in the same part or later', () => {
    expect(() => one().check(Buffer.concat([bytes(3), bytes(0)]))).toThrow(NOT_OF_CONTRACT);
    const guard = one();
    guard.check(bytes(0));
    expect(() => guard.check(Buffer.of(0))).toThrow(NOT_OF_CONTRACT);
  });

  it('refuses a message that is crumbled', () => {
    const crumbled = (message: Uint8Array) => () => {
      const guard = one();
      for (const byte of message) guard.check(Buffer.of(byte));
    };
    expect(crumbled(bytes(995))).not.toThrow();
    expect(crumbled(bytes(996))).toThrow(NOT_OF_CONTRACT);
  });

  it('lets a stream have any number of messages that are not compressed', () => {
    const guard = many();
    for (let message = 0; message < 3_000; message += 1) {
      guard.check(bytes(10).subarray(0, 7));
      guard.check(bytes(10).subarray(7));
    }
    for (let message = 0; message < 3_000; message += 1) guard.check(bytes(0));
    guard.check(Buffer.concat([bytes(1), bytes(0), bytes(2)]));
    expect(() => guard.check(packed())).toThrow(NOT_OF_CONTRACT);
  });
});
