export type Shell = 'bash' | 'zsh' | 'fish';

/** The program that a shell reads to complete words of `lms`; each asks `lms __complete` for what fits. */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: String.raw`# bash completion of lms; made by "lms completion bash"
_lms() {
  local line quoted
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o default 2>/dev/null
      continue
    fi
    printf -v quoted %q "${'$'}{line%%$'\t'*}"
    COMPREPLY+=("$quoted")
  done < <("$1" __complete "${'$'}{COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _lms lms
`,
  zsh: String.raw`#compdef lms
# zsh completion of lms; made by "lms completion zsh"
_lms() {
  local line
  local -a values shown
  for line in "${'$'}{(@f)$("${'$'}{words[1]}" __complete "${'$'}{(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == :files ]]; then
      _files
    elif [[ -n $line ]]; then
      values+=("${'$'}{line%%$'\t'*}")
      shown+=("${'$'}{line/$'\t'/  -- }")
    fi
  done
  (( $#values )) && compadd -l -d shown -a values
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _lms "$@"
else
  compdef _lms lms
fi
`,
  fish: `# fish completion of lms; made by "lms completion fish"
function __lms_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    test (count $current) -eq 0; and set current ''
    for line in ($words[1] __complete $words[2..-1] $current 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path $current
        else
            echo $line
        end
    end
end
complete -c lms -f -a '(__lms_complete)'
`,
};
