import { Result } from '@plataforma/domain/result';
import { SenhaFracaError } from './recusa.ts';

const MINIMO = 8;
const MAXIMO = 128;

/** Passwords of at least eight characters that lead every list of stolen ones. */
const COMUNS: ReadonlySet<string> = new Set([
  '12345678',
  '123456789',
  '1234567890',
  '11111111',
  '00000000',
  '87654321',
  'password',
  'password1',
  'senha123',
  'senha1234',
  'qwertyuiop',
  'qwerty123',
  'abcd1234',
  'abc12345',
  'iloveyou',
  'brasil123',
  'flamengo',
  'corinthians',
  'palmeiras',
]);

/**
 * Decides whether a new password may be used: length and blocked words only, no rules of composition (NIST SP 800-63B,
 * 5.1.1.2). Length counts characters, not bytes.
 */
export function validarSenha(
  senha: string,
  pessoa: { nome: string; email: string },
): Result<string, SenhaFracaError> {
  const tamanho = [...senha].length;
  if (tamanho < MINIMO || tamanho > MAXIMO)
    return fraca(`ela precisa ter de ${MINIMO} a ${MAXIMO} caracteres`);
  const minuscula = senha.toLowerCase();
  if (COMUNS.has(minuscula)) return fraca('esta é uma das mais usadas e fáceis de adivinhar');
  if (new Set(minuscula).size === 1) return fraca('ela repete um único caractere');
  const proprias = [pessoa.email, pessoa.email.split('@')[0] ?? '', pessoa.nome].map((texto) =>
    texto.toLowerCase(),
  );
  if (proprias.includes(minuscula)) return fraca('ela é igual ao seu nome ou e-mail');
  return Result.ok(senha);
}

const fraca = (porque: string) => Result.fail(new SenhaFracaError(porque));
