import type { TranslationKeys } from '@zxcvbn-ts/core';

/** Why a password is easy to guess, and what would help: each ends the sentence that begins with `Escolha outra senha:`. */
export const TEXTOS: Pick<TranslationKeys, 'warnings' | 'suggestions'> = {
  warnings: {
    straightRow: 'teclas vizinhas em linha são fáceis de adivinhar',
    keyPattern: 'desenhos curtos no teclado são fáceis de adivinhar',
    simpleRepeat: 'caracteres repetidos, como "aaa", são fáceis de adivinhar',
    extendedRepeat: 'trechos repetidos, como "abcabcabc", são fáceis de adivinhar',
    sequences: 'sequências como "abc" ou "6543" são fáceis de adivinhar',
    recentYears: 'anos recentes são fáceis de adivinhar',
    dates: 'datas são fáceis de adivinhar',
    topTen: 'esta é uma das mais usadas e fáceis de adivinhar',
    topHundred: 'esta é uma das mais usadas e fáceis de adivinhar',
    common: 'esta é uma das mais usadas e fáceis de adivinhar',
    similarToCommon: 'ela se parece com uma das mais usadas',
    wordByItself: 'uma única palavra é fácil de adivinhar',
    namesByThemselves: 'um nome ou sobrenome sozinho é fácil de adivinhar',
    commonNames: 'nomes e sobrenomes comuns são fáceis de adivinhar',
    userInputs: 'ela contém o seu nome, o seu e-mail ou o nome da plataforma',
    pwned: 'esta senha já vazou em algum lugar',
  },
  suggestions: {
    l33t: 'trocar letras por sinais parecidos, como "@" por "a", ajuda pouco',
    reverseWords: 'escrever uma palavra de trás para a frente ajuda pouco',
    allUppercase: 'escrever tudo em maiúsculas ajuda pouco',
    capitalization: 'uma maiúscula no começo ajuda pouco; junte outra palavra, menos comum',
    dates: 'datas e anos ligados a você são fáceis de adivinhar',
    recentYears: 'anos recentes são fáceis de adivinhar',
    associatedYears: 'anos ligados a você são fáceis de adivinhar',
    sequences: 'sequências comuns são fáceis de adivinhar',
    repeated: 'repetir palavras ou caracteres ajuda pouco',
    longerKeyboardPattern: 'desenhos curtos no teclado são fáceis de adivinhar',
    anotherWord: 'ela é fácil de adivinhar; junte mais palavras, menos comuns',
    useWords: 'ela é fácil de adivinhar; use várias palavras, mas não uma frase conhecida',
    noNeed: 'ela é fácil de adivinhar; várias palavras servem, sem sinais nem maiúsculas',
    pwned: 'esta senha já vazou em algum lugar; troque-a também onde mais a usa',
  },
};
