import { Result } from '@plataforma/domain/result';
import { SenhaFracaError } from './recusa.ts';

/** More than the 64 that have to be taken; what is longer costs more to look at than it adds. */
const MAXIMO = 128;

/** One password however a keyboard composes its letters and whichever of their forms it sends (NFKC). */
export function normalizarSenha(senha: string): string {
  return senha.normalize('NFKC');
}

export function mesmaSenha(uma: string, outra: string): boolean {
  return normalizarSenha(uma) === normalizarSenha(outra);
}

/**
 * Counts characters, not bytes, and knows no rules of composition (NIST SP 800-63B-4, 3.1.1.2).
 *
 * @param minimo at least eight; whoever runs the platform may ask for more
 */
export function medirSenha(senha: string, minimo: number): Result<string, SenhaFracaError> {
  const tamanho = [...senha].length;
  if (tamanho >= minimo && tamanho <= MAXIMO) return Result.ok(senha);
  return Result.fail(new SenhaFracaError(`ela precisa ter de ${minimo} a ${MAXIMO} caracteres`));
}

/** Words that are as good as known: those of the platform, and of the person. */
export function palavrasDeContexto({ nome, email }: { nome: string; email: string }): string[] {
  const [local = '', dominio = ''] = email.split('@');
  const partes = [
    ...nome.split(/\s+/),
    ...local.split(/[^\p{L}\p{N}]+/u),
    ...dominio.split('.').slice(0, -1),
  ];
  const inteiras = [nome, nome.replaceAll(/\s/g, ''), email, local];
  const proprias = [...inteiras, ...partes.filter((parte) => parte.length > 2)];
  return [...new Set([...DA_PLATAFORMA, ...proprias.map((palavra) => palavra.toLowerCase())])];
}

const DA_PLATAFORMA = ['plataforma', 'reserva', 'reservas', 'plataforma de reservas', 'espaco', 'espacos'];
