import { Result } from '@plataforma/domain/result';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import * as comum from '@zxcvbn-ts/language-common';
import * as portugues from '@zxcvbn-ts/language-pt-br';
import type { PasswordPolicy } from '../application/ports.ts';
import { SenhaFracaError } from '../domain/recusa.ts';
import { medirSenha, normalizarSenha, palavrasDeContexto } from '../domain/senha.ts';
import { TEXTOS } from './zxcvbn-textos.ts';

/**
 * What one look at a password takes in: its work grows much faster than the text, and seconds of it would stop the service.
 * Of a longer one the beginning and the end are looked at, and it is weak when both are.
 */
const OLHADOS = 20;
/** Letters written as digits or signs, so many of them at a time; each one more doubles the work. */
const TROCAS = 4;

const BLOQUEADAS: ReadonlySet<string> = new Set(comum.dictionary['passwords-common'].map(String));

/** Loaded once for the process: some 120,000 words. */
let carregado: ZxcvbnFactory | undefined;

function zxcvbn(): ZxcvbnFactory {
  carregado ??= new ZxcvbnFactory({
    dictionary: { ...comum.dictionary, ...portugues.dictionary },
    graphs: comum.adjacencyGraphs,
    translations: { ...portugues.translations, ...TEXTOS },
    l33tMaxSubstitutions: TROCAS,
    maxLength: OLHADOS,
  });
  return carregado;
}

/** Length, the list of common and stolen passwords, and how many guesses one takes for who knows its owner and Portuguese. */
export class ZxcvbnPolicy implements PasswordPolicy {
  readonly #minLength: number;
  readonly #minScore: number;

  /**
   * @param options.minScore of zxcvbn: 0 asks for nothing beyond length and list, 1 for more than 10^3 guesses, 2 10^6, 3 10^8, 4
   * 10^10.
   */
  constructor(options: { minLength: number; minScore: number }) {
    this.#minLength = options.minLength;
    this.#minScore = options.minScore;
    zxcvbn();
  }

  check(bruta: string, pessoa: { nome: string; email: string }): Result<string, SenhaFracaError> {
    const senha = normalizarSenha(bruta);
    const medida = medirSenha(senha, this.#minLength);
    if (medida.isFailure) return medida;
    const minuscula = senha.toLowerCase();
    if (BLOQUEADAS.has(minuscula)) return fraca('esta é uma das mais usadas e fáceis de adivinhar');
    const palavras = palavrasDeContexto(pessoa);
    if (palavras.includes(minuscula))
      return fraca('ela é igual ao seu nome, ao seu e-mail ou ao nome da plataforma');
    const porques = trechosDe(senha).map((trecho) => this.#weakness(trecho, palavras));
    const [porque] = porques;
    return porque !== undefined && !porques.includes(undefined) ? fraca(porque) : Result.ok(senha);
  }

  #weakness(trecho: string, palavras: string[]): string | undefined {
    const { score, feedback } = zxcvbn().check(trecho, palavras);
    if (score >= this.#minScore) return undefined;
    return feedback.warning || feedback.suggestions[0] || TEXTOS.suggestions.anotherWord;
  }
}

function trechosDe(senha: string): string[] {
  return senha.length <= OLHADOS ? [senha] : [senha.slice(0, OLHADOS), senha.slice(-OLHADOS)];
}

const fraca = (porque: string) => Result.fail(new SenhaFracaError(porque));
