"""Words and signs of Lean 4 by what they begin, carry on, or wait for.

What is reserved was asked of Lean 4.35; the words of Mathlib and Batteries are those that their
users meet at the beginning of a line.
"""

from __future__ import annotations

__all__ = [
    "CONTINUING",
    "DECLARATIONS",
    "EXTENDING",
    "HASH_COMMANDS",
    "HASH_TACTICS",
    "LIBRARY_COMMANDS",
    "MODIFIERS",
    "NAMING_COMMANDS",
    "OPENERS",
    "OPEN_ENDED",
    "RESERVED_COMMANDS",
    "SCOPED_BY_IN",
    "SHARED_COMMANDS",
    "THEOREMS",
    "WAITING_SIGNS",
    "WAITING_WORDS",
]

THEOREMS = frozenset({"theorem", "lemma", "example"})
"""The commands that state something and prove it."""

DECLARATIONS = THEOREMS | {
    "abbrev", "axiom", "class", "coinductive", "def", "inductive", "instance", "opaque",
    "structure",
}  # fmt: skip
"""The commands that declare something."""

NAMING_COMMANDS = (DECLARATIONS - {"example"}) | {
    "alias", "declare_syntax_cat", "irreducible_def", "proof_wanted",
}  # fmt: skip
"""The commands whose next word is the name of what they declare."""

EXTENDING = frozenset({
    "binder_predicate", "declare_syntax_cat", "elab", "elab_rules", "infix", "infixl", "infixr",
    "macro", "macro_rules", "notation", "notation3", "postfix", "prefix", "syntax",
})  # fmt: skip
"""The commands behind which a text may hold words and signs that Lean itself does not have."""

RESERVED_COMMANDS = DECLARATIONS | EXTENDING | {
    "add_decl_doc", "attribute", "builtin_initialize", "end", "export", "grind_pattern", "import",
    "include", "init_quot", "initialize", "mutual", "namespace", "omit", "recommended_spelling",
    "register_builtin_option", "register_option", "run_cmd", "run_elab", "run_meta", "section",
    "universe", "variable",
}  # fmt: skip
"""Words that begin a command wherever they stand, since Lean lets nothing else bear their names.

``lemma`` and the ``run_`` words are reserved by what imports bring, which a text rarely lacks.
"""

SHARED_COMMANDS = frozenset({"open", "set_option"})
"""Words that begin a command, or with ``in`` a term or a tactic."""

LIBRARY_COMMANDS = frozenset({
    "add_aesop_rules", "alias", "assert_exists", "assert_no_cyclic_imports", "assert_not_exists",
    "assert_not_imported", "builtin_dsimproc", "builtin_simproc", "compile_def",
    "compile_inductive", "count_heartbeats", "declare_aesop_rule_sets",
    "declare_command_config_elab", "declare_config_elab",
    "declare_simp_like_tactic", "deprecated_module", "deprecated_syntax", "dsimproc",
    "dsimproc_decl", "elab_stx", "erase_aesop_rules", "extend_docs", "guard_min_heartbeats",
    "initialize_simps_projections", "irreducible_def", "library_note",
    "mk_iff_of_inductive_prop", "proof_wanted", "recall", "register_error_explanation",
    "register_hint", "register_label_attr", "register_simp_attr", "register_tactic_tag",
    "seal", "show_panel_widgets", "simproc", "simproc_decl",
    "suppress_compilation", "tactic_extension", "unif_hint", "unseal", "unsuppress_compilation",
    "variable?", "variable_alias",
})  # fmt: skip
"""Words that begin a command where one can begin, and are names elsewhere."""

HASH_COMMANDS = frozenset({
    "check_assertions", "check_failure", "check_simp", "check_tactic", "conv", "discr_tree_key",
    "discr_tree_simp_key", "eval", "exit", "guard", "guard_expr", "guard_msgs", "help",
    "import_path", "lint", "long_names", "min_imports", "norm_num", "print", "push_discr_tree",
    "reduce", "sample", "simp", "synth", "test", "time", "unfold", "unfold?", "version", "where",
    "with_exporting", "with_weak_namespace",
})  # fmt: skip
"""Words that begin a command behind ``#`` wherever they stand."""

HASH_TACTICS = frozenset({
    "adaptation_note", "check", "count_heartbeats", "find", "leansearch", "loogle", "moogle",
    "search", "statesearch",
})  # fmt: skip
"""Words that begin a command behind ``#``, or a tactic."""

MODIFIERS = frozenset({
    "local", "meta", "noncomputable", "nonrec", "partial", "private", "protected", "public",
    "scoped", "unsafe",
})  # fmt: skip
"""Words that stand before the word of a command."""

SCOPED_BY_IN = SHARED_COMMANDS | {
    "attribute", "count_heartbeats", "include", "omit", "universe", "variable",
}  # fmt: skip
"""Commands of which an ``in`` at their end makes a part of the next one."""

CONTINUING = frozenset({
    "Prop", "Sort", "Type", "_", "at", "by", "calc", "decreasing_by", "deriving", "do", "else",
    "extends", "finally", "for", "forall", "from", "fun", "have", "haveI", "hiding", "if", "in",
    "let", "letI", "match", "nofun", "nomatch", "renaming", "return", "show", "sorry", "suffices",
    "termination_by", "then", "using", "where", "with",
})  # fmt: skip
"""Words that carry a command on, even at the beginning of a line that is not indented."""

WAITING_WORDS = (CONTINUING | RESERVED_COMMANDS | {"set_option"}) - {
    # Complete, or Lean wants what follows them indented.
    "Prop", "Sort", "Type", "_", "by", "end", "include", "init_quot", "mutual", "namespace",
    "nofun", "omit", "section", "sorry", "universe", "variable",
}  # fmt: skip
"""Words behind which something has to follow, be it at the beginning of the next line."""

WAITING_SIGNS = frozenset("↦,:;|·$→←↔∧∨¬=≠<>≤≥+-/^×∘∣∪∩∈∉⊆⊂⊇⊃∀∃λ▸@%\\•⊓⊔≃≅⟶⥤≫⋙⊗⊕≈≡") | {
    ":=", "=>", "<|", "|>", "<;>", "<|>", "->", "<-", "&&", "||", "==", "!=", "<=", ">=", "++",
    "::", ">>=",
}  # fmt: skip
"""Signs behind which something has to follow, be it at the beginning of the next line."""

OPEN_ENDED = frozenset({"calc", "do", "where"})
"""Words behind which a list of items may stand that is not indented."""

OPENERS = frozenset({"have", "haveI", "let", "letI", "let_fun", "suffices"})
"""Words of a term that is not complete before what follows its first part."""
