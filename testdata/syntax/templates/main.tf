locals {
t000 = "${1}"
t001 = "${~ 1 ~}"
t002 = " ${~ 1}"
t003 = ""
t004 = "${[1]}"
t005 = "%{ if true }${1}%{ endif }"
t006 = "${1}${""}"
t007 = <<EOT
${1 ~}
EOT
t008 = <<-EOT

    a

  b

    EOT
t009 = <<-EOT
  a
	b
  EOT
t010 = <<-EOT
  a
  b
EOT
t011 = <<-EOT
    EOT
t012 = <<EOT

EOT
t013 = <<-EOT
   
  a
      
EOT
t014 = <<-EOT
  %{ if true ~}
    x
  %{ endif ~}
  y
  EOT
t015 = "$${q} "
t016 = "%{ if true ~}\\${ 1 }$$$${q}%{ endif }b c\n${~ " y " }"
t017 = " %{ if false ~}%%${~ 1 }${ true }%{~ endif }\n"
t018 = "$%%$${q}"
t019 = "${~ "x" ~}"
t020 = "${~ "" }\n}/*"
t021 = "é#$${q}${ true ~}${~ " y " }"
t022 = ""
t023 = ""
t024 = "${ 1 ~}${ " y " }  é"
t025 = " %{ if false }\"%{ endif ~}a"
t026 = "%{~ if false }${ "" ~}%{ else }$${q}%{ endif ~}%%a{"
t027 = "${ "x" }%{~ for i, v in [1, 2] }\t${~ true }%{ for i, v in [1, 2] ~}${ "a\n" ~}\n\"\"%{~ endfor ~}%{~ if false }%{ endif }}${v}%{ endfor }${ "$${z}" }${ "x" ~}  "
t028 = "%{ if false }%{~ endif ~}${ 1 }é%{ for v in [1, 2] }{\\$${~v~}%{ endfor ~}"
t029 = "${ 1 }\"  "
t030 = "/*"
t031 = "${~ true ~}$${q}\t\\${ " y " }"
t032 = "%{~ if false }%{ else ~}%{~ endif }%{~ for i, v in [1, 2] ~}${ "a\n" }${v}%{ endfor }"
t033 = "//${ "x" }%{ for i, v in [1, 2] ~}%{ for i, v in [1, 2] }$b c\\%{ endfor ~}%{~ endfor ~}%{~ for v in [1, 2] ~}${v}%{~ endfor ~}"
t034 = "\"\\  /*"
t035 = "\u00e9$${q}%"
t036 = "${~ "a\n" }%{ for v in [1, 2] ~}$b c%{ for i, v in [1, 2] }${~ true ~}${ " y " ~}%${~ 1 }\"%{ endfor ~}${ 1 }%{~ if true }%%%${ "x" ~}\n${ "a\n" }}%{ else }%{ endif }${~v~}%{ endfor }${~ " y " }${~ 1 }{"
t037 = "%{ for v in [1, 2] }${~v~}%{ endfor ~}${ "x" ~}"
t038 = "{ #${ "x" ~}${ " y " }"
t039 = "${~ "a\n" ~}"
t040 = "%"
t041 = "é  \u00e9%{ for v in [1, 2] ~}${~v~}%{ endfor }${ "x" ~}"
t042 = ""
t043 = "$"
t044 = "%{ for v in [1, 2] }{${v}%{~ endfor ~}é"
t045 = "${~ " y " ~}${~ true ~}//"
t046 = ""
t047 = "${ "$${z}" }${~ 1 ~}%{ if true ~}$$${ 1 }%{ endif } %{ if true }\u00e9${~ " y " ~}%{ endif }"
t048 = "%{ if true }%{ else }$$%{ endif }"
t049 = "\\"
t050 = ""
t051 = "${~ " y " }"
t052 = "%%{q}"
t053 = "}${ true ~}\n"
t054 = "/*\"%{ for i, v in [1, 2] }a${ "$${z}" }${~v~}%{ endfor ~}}é"
t055 = "\\"
t056 = "%{~ for i, v in [1, 2] ~}%{ endfor ~}"
t057 = ""
t058 = "\n}//  %{ if false ~}%{ if false }\\\\a//b c%{ else }${ " y " ~}${ "a\n" }${ 1 ~}%{ endif ~}\\$%%{ else }#%{~ endif }"
t059 = "${ true ~}${ " y " }\t"
t060 = "%{ if false ~}%%é${~ " y " }\u00e9\"%{ else ~}%{~ if false ~}{${ "$${z}" }%{ else }%{~ endif }$$${ 1 ~}%{ endif ~}${ "$${z}" }"
t061 = ""
t062 = ""
t063 = "%{ if false }\n\t%{~ for v in [1, 2] }é${~ "x" }%{~ endfor ~}%{ else ~} ${~ true }\t%{~ endif }"
t064 = "%%${~ "x" }%{ if true }\t %{ for v in [1, 2] }\n $${q}${~v~}%{~ endfor }%{ endif ~}%%"
t065 = "%%$${q}\""
t066 = ""
t067 = "%%{q}${ " y " }${ "a\n" }"
t068 = " "
t069 = "%{~ if false }%{ endif }é}\\${~ 1 }"
t070 = "%{~ for v in [1, 2] ~}/*${~v~}%{ endfor }"
t071 = "${~ 1 }{a${ 1 }"
t072 = "%{~ for v in [1, 2] ~}$$#}%${~v~}%{ endfor }%{~ if true }$$%{ else }/*#\u00e9%{ endif }a"
t073 = "\\%$${q}"
t074 = "$$$${q}\n${ "x" ~}${~ "a\n" }"
t075 = ""
t076 = "${ "$${z}" }\u00e9 //  "
t077 = "${~ "$${z}" }"
t078 = "%{ for i, v in [1, 2] ~}${~v~}%{~ endfor ~}a%{~ for i, v in [1, 2] }%aa  ${v}%{ endfor ~}// "
t079 = "\t}%{ for v in [1, 2] ~}${v}%{ endfor }$$$${q}"
t080 = "}%{~ for v in [1, 2] }  ${~v~}%{ endfor }"
t081 = "${ " y " }${ "a\n" }%{ for v in [1, 2] }#\t$$%{ endfor }b c${ "x" }"
t082 = ""
t083 = "\"}%{ for i, v in [1, 2] }%{ if true }${~ true ~}${ "a\n" }${ "" }$${q}%{~ else }%{ endif }\u00e9\n${v}%{ endfor }%%{q}"
t084 = "\u00e9{%{~ for i, v in [1, 2] }{%{~ if true }%%{q} %{ endif }b c%{ endfor }"
t085 = "%%"
t086 = "#%{ for i, v in [1, 2] }${ " y " }${ "" } \u00e9${~v~}%{ endfor ~}}%{ for v in [1, 2] }\n\u00e9%{ endfor }\\"
t087 = ""
t088 = "/*  b c  /*"
t089 = ""
t090 = "\n\u00e9"
t091 = "${ " y " ~}$$$${q}b c}${ "" }"
t092 = "a%%%#"
t093 = "%%{q}"
t094 = "%{~ if true }%{~ if true ~}%{~ else }\t%{ endif }// %{ else }$b ca%{ for v in [1, 2] }\t{${~v~}%{~ endfor }é%{ endif ~}  %{ if false }$$$${q}${ "a\n" }$$%{ endif ~}%{ for v in [1, 2] }%{~ for i, v in [1, 2] ~}${v}%{~ endfor }b c${ "" ~}\u00e9{${v}%{ endfor }"
t095 = "\"\\${ "a\n" ~}"
t096 = "aé"
t097 = "%{ for v in [1, 2] }}%{~ if true ~}%%{ else }\\${ 1 } ${~ "" }%{~ endif ~}$$$${q}$$$${q}%{~ endfor }é%%%$"
t098 = ""
t099 = "${~ 1 ~}%{ if true }${ " y " ~}${ "" }\t${ "x" ~}${ 1 }%{ else }{${ "x" }%{ if true }${ "x" }#%{ endif }\t\\%{~ endif }"
t100 = "\n  "
t101 = "/*%{~ for v in [1, 2] }${ "x" }\n\n${~ " y " }%{~ for v in [1, 2] ~}${~ "$${z}" }${~ " y " }%%{q}${v}%{ endfor }%{ endfor }%{ for v in [1, 2] }${v}%{ endfor ~}"
t102 = "}"
t103 = "${ "x" ~}%{ for v in [1, 2] } ${~v~}%{ endfor }"
t104 = "%{ if true }%{ if true }${ true ~}{%{ else ~}%%${ "$${z}" ~}é %{~ endif }%{ endif ~}"
t105 = "$$$${q}b c${ true }\u00e9${~ "" ~}"
t106 = ""
t107 = "%{~ for v in [1, 2] }${ "" }${ 1 }${ "" }${ "" }\n${~v~}%{ endfor }%{ for i, v in [1, 2] }}%{~ for i, v in [1, 2] ~}//${v}%{ endfor }$$\u00e9%{~ endfor ~}"
t108 = "\\#%%${~ "x" }${ "$${z}" }"
t109 = "b c%{~ if false }%{~ endif }b c"
t110 = "${~ 1 }}"
t111 = "%{ if false ~}%%{q}%{~ endif }%"
t112 = "$$$${q}${ " y " }%%%"
t113 = "%${~ "" }a"
t114 = "%{~ for i, v in [1, 2] }\"%{~ for v in [1, 2] }b cé${v}%{ endfor ~}%{ endfor }%%{q}"
t115 = "\n%%%"
t116 = "}%{ for i, v in [1, 2] ~}//%{~ for v in [1, 2] }${~ "" }${ "a\n" }${ "a\n" ~}{${v}%{ endfor ~}${ "" ~}$$%{ for i, v in [1, 2] ~}a${ " y " }\u00e9${~v~}%{ endfor }${~v~}%{ endfor }b c%%"
t117 = "#${ "" }$$$${q}"
t118 = "%%{q}"
t119 = "%%%$$$${q}%{ if true }%  %{~ endif ~}"
t120 = "%%{q}}%{ if true }%{ endif }/*"
t121 = "${ " y " }%${~ 1 ~}\u00e9/*"
t122 = "\n%%{q}\n%{~ for v in [1, 2] ~}éb c#$$%{ endfor }"
t123 = "%{ if true ~}a%{ for v in [1, 2] }${~ "" }${ " y " }${ 1 ~}${~ " y " }${~v~}%{ endfor }${ "x" ~}%{ endif }"
t124 = "$${q}%{ if false }$${q}${~ 1 ~}%{ else ~}${ "x" }%{ endif }"
t125 = "${ true }"
t126 = "%{ for v in [1, 2] }%{~ if false }$${q}\"%{ else }%{ endif ~}$${q}%{~ if true }%{ endif ~}%{~ for i, v in [1, 2] }${~ " y " ~}%${v}%{ endfor }/*%{ endfor ~}%{ for i, v in [1, 2] ~}\\$${q}%{~ if true ~}//$${q}${~ " y " ~}\u00e9%{ else ~}//%{ endif }$$$${q}${ "$${z}" }%{ endfor }\\b c"
t127 = "%{ for v in [1, 2] }%{ if false }%%{q}$$%{ endif }é#%%{q}\n${v}%{ endfor ~}\u00e9"
t128 = "${ "x" }${ true ~}"
t129 = "${ "a\n" }aé%{ if true }\\%{ else }\n%{ endif }\""
t130 = ""
t131 = "${~ 1 }${~ 1 ~}$$$${q}${~ 1 }{"
t132 = ""
t133 = "/*${ true }"
t134 = "%%"
t135 = "%%{q}${ " y " ~}%{ for v in [1, 2] ~}\"$${~v~}%{ endfor }%{~ if true }${ "" }  }%{ for v in [1, 2] } %{ endfor }b c%{~ else }  %{ endif }"
t136 = ""
t137 = ""
t138 = "${ 1 }  {%{~ for i, v in [1, 2] }${ "" }$a%{ for i, v in [1, 2] }%{~ endfor }$${q}${v}%{ endfor }\\"
t139 = "%%${ "" }%{ for i, v in [1, 2] }$$%{~ if true ~}${ " y " }${ "" }//${ "$${z}" ~}%{ else ~}\\\n%{ endif ~}%%${~v~}%{ endfor ~}//"
t140 = "%{ if false }%%%{~ else }é%{ for v in [1, 2] ~}${ " y " ~}${ " y " }%%// ${v}%{~ endfor ~}\u00e9${~ "a\n" ~}${ " y " }%{ endif ~}\n "
t141 = ""
t142 = "${~ "" }${~ " y " ~}/*%%%"
t143 = "%"
t144 = ""
t145 = "${ "" }${ " y " ~}%{ for i, v in [1, 2] ~}\n${~v~}%{ endfor }${ 1 ~}%{ for v in [1, 2] ~}${ "x" }${v}%{ endfor }"
t146 = "%{ if false }//${ true }${ "x" }\\$%{ endif }#"
t147 = ""
t148 = ""
t149 = "//%{~ if false }$$$${q}%{ if false }${ true }${~ "a\n" }${ "x" }%{~ endif }%{~ endif }\n%{ for v in [1, 2] }${ true ~}/*%{~ endfor }"
t150 = "${~ 1 }}é"
t151 = "${ "a\n" ~}\t\n${ "a\n" ~}${ 1 }"
t152 = ""
t153 = "%{~ if false }%{~ for i, v in [1, 2] }${~ "$${z}" }%{ endfor }%{ for i, v in [1, 2] }${ "" ~}//${~v~}%{ endfor }%{~ else }${ "a\n" }%{ if false }{${ "x" }#%{~ else }${ true ~}${ 1 }\"b c\"%{ endif }%{ if true }%{~ endif ~}%{ endif ~}$ ${ "" }"
t154 = ""
t155 = "a\u00e9\t#"
t156 = "%\u00e9\n//${~ "$${z}" ~}"
t157 = ""
t158 = "%{ for i, v in [1, 2] }//%{~ endfor }${ " y " }%"
t159 = "%{~ for v in [1, 2] }${v}%{ endfor }%{~ if false ~}#%{~ else }/*}${~ "$${z}" } ${~ "" }%{~ endif ~}"
t160 = "\\%"
t161 = ""
t162 = "a%{ for v in [1, 2] ~}\\${~ "$${z}" ~}%{ endfor }  %%%"
t163 = "b c%{ if true }%{ if false ~}%{ else }${~ "x" ~}\u00e9$$%{ endif ~}}%{ else ~}${~ "$${z}" }${~ 1 }$$$${q}%{~ if true ~}%%{q}${~ 1 ~}%{~ endif }%{ endif }${ 1 ~}"
t164 = "\t$$%{ for v in [1, 2] ~}b c${ "a\n" ~}\n%{~ endfor ~}%{ for i, v in [1, 2] ~} /*%{~ for i, v in [1, 2] }${~v~}%{ endfor ~}%{ for i, v in [1, 2] ~}b c#%%{q}${ "" ~}\u00e9${~v~}%{ endfor ~}${v}%{ endfor }"
t165 = "${~ true }"
t166 = "b c%{ for i, v in [1, 2] }\\$$%%{q}${v}%{~ endfor }${ true }${ 1 }%%%"
t167 = ""
t168 = "%{~ for i, v in [1, 2] }  %{ if true }%%${ true ~}%{ else }${~ "" ~}  é#%{~ endif }%{ if false ~} $$%{ else }#${ "a\n" }${~ "$${z}" }${~ "" }é%{~ endif ~}%{ for v in [1, 2] ~}$${q}${ "a\n" }${ true }#${~v~}%{ endfor }${~v~}%{ endfor }%{ for v in [1, 2] }\"b c%{~ endfor }"
t169 = ""
t170 = "}${~ 1 } %{~ if false ~}\n}${ "$${z}" ~}%{ endif }"
t171 = "$$}"
t172 = "%{ if false }a${ " y " }%{ if true }%%{q}${ "$${z}" }# %{ endif }//%{~ endif }${ 1 }é//"
t173 = "${ "a\n" }%{~ for v in [1, 2] ~}/*${~v~}%{ endfor }/*%{ if false ~}${ "$${z}" }$$${ true }${~ "$${z}" }}%{ endif ~}${ "a\n" ~}"
t174 = "$${q}%{ for v in [1, 2] ~}\u00e9${v}%{~ endfor } b c"
t175 = "\u00e9"
t176 = ""
t177 = "%{ if true ~}$${q}%{~ endif }é"
t178 = "/*é$$$${q}"
t179 = "{%{ if true }{  %%%%{ else }%{ if true }\\${ 1 }\\b c/*%{ endif ~}%{ endif }//${ "" }%{ for v in [1, 2] ~}${~v~}%{ endfor ~}"
t180 = "%%%\u00e9${ " y " }\u00e9"
t181 = "${ "$${z}" }%{~ if false }\u00e9#%{ if true ~}${~ "" }${~ 1 ~}%{ endif }%%{q}%{ endif ~} b ca"
t182 = "%%{q}b c%{ for v in [1, 2] ~}a${ "a\n" }${v}%{ endfor }$$${ 1 ~}"
t183 = "$$%{~ for i, v in [1, 2] }${ true }%{ if true ~}%{ endif }}/*%{ endfor ~}a%%{q}"
t184 = "%{ for v in [1, 2] }${~ 1 ~}/*%{ for v in [1, 2] }${~ "a\n" ~}${~ 1 }}$${v}%{~ endfor ~}${ true }é${v}%{~ endfor ~}%{~ for v in [1, 2] }%{ if true }#%{ endif ~}${ true ~}%{~ if false ~}%%%{ else ~}${ 1 }\t${ "x" }$${q}\\%{ endif }b c${ " y " ~}${v}%{ endfor ~}{${ "x" }b c"
t185 = ""
t186 = "${ " y " }"
t187 = ""
t188 = "%{ if false ~}\\}\"%{ else }\n${~ "x" ~} %{~ endif }\t/*}"
t189 = ""
t190 = "b c\\#/*${ " y " }"
t191 = "/*${ "a\n" ~}"
t192 = "%"
t193 = "\"${~ 1 }a"
t194 = "\\${ "a\n" }"
t195 = "\""
t196 = "\""
t197 = "é%{ for v in [1, 2] }//${~ "$${z}" }%{ endfor ~}"
t198 = "\u00e9\n%{~ if false ~}\n%{ endif ~}"
t199 = " "
t200 = "${~ "a\n" }${~ 1 }${ " y " ~}$%{~ for i, v in [1, 2] ~}%{~ for i, v in [1, 2] ~}${ "$${z}" ~}${ "a\n" ~}${ 1 }%{ endfor }\\#%%{q}%{~ endfor }"
t201 = "%{~ if false }b c%{~ if false ~}%%%${ "a\n" }${ " y " }//%%{ else ~}${~ "x" ~}\\\"${ "$${z}" }%{ endif }  %%%%{ else ~}é${ "$${z}" }$$   %{ endif ~}"
t202 = ""
t203 = "${ " y " }#%%{q}\n"
t204 = "//b c%{ for v in [1, 2] }%{ if true ~}%%{q}%%${ 1 ~}%{ endif }${~ "$${z}" ~}${v}%{ endfor ~}"
t205 = "{"
t206 = ""
t207 = "${~ true }%%%${ " y " }b c"
t208 = ""
t209 = "a"
t210 = "b c$$"
t211 = "$"
t212 = "%{ if false ~}%{ if true }\t%${ "$${z}" ~}${ 1 ~}$$%{~ endif }%{ endif }%{ for i, v in [1, 2] }\"%%${~ 1 }%{~ endfor ~}"
t213 = ""
t214 = "\"/*{"
t215 = "${ "a\n" }"
t216 = "b c$$$${q}//%{~ for i, v in [1, 2] }${ "$${z}" ~}%{ for v in [1, 2] }${~ " y " }{}${ true }\t%{~ endfor }  %%${ "" }${~v~}%{ endfor }\n"
t217 = "${ 1 }$\\}"
t218 = " $$\t\\\\"
t219 = "\\\"  //"
t220 = "$%%{q}b ca"
t221 = " \u00e9\n"
t222 = "/*%{ if true }${ " y " ~}%{ endif ~}"
t223 = "%{~ if false }$\"}${~ "a\n" }%{~ else }%{ if true }b c{${ true }\t%{ endif }\n%{ endif }${ "x" ~}\u00e9/*"
t224 = "${ 1 }"
t225 = "$%{~ for i, v in [1, 2] }${ "" }${ " y " }a${v}%{ endfor ~}//"
t226 = "${~ "$${z}" ~}${ 1 }  "
t227 = " "
t228 = "\""
t229 = ""
t230 = "$${q}/*\t%${~ 1 ~}"
t231 = "    %{ if true }${ true }//\t%{~ else }é#é$$$${q}${~ "a\n" ~}%{ endif }\u00e9{"
t232 = "\t"
t233 = "}//a%%#"
t234 = "#"
t235 = "${ "" ~}\"%{ for v in [1, 2] }%{ if false ~}$ b c${ " y " }%{ else ~}${~ "$${z}" }%{ endif }${ 1 }\"${ "x" }}${v}%{ endfor }"
t236 = "é$$//  %{ for i, v in [1, 2] ~}\n%{ for i, v in [1, 2] }${v}%{ endfor ~}b c%{ if true }%%%${ 1 }%{~ endif ~}%{ endfor }"
t237 = "${~ "" ~} "
t238 = "%{ if true ~}#${ true }$%{ else }\n{$%{ endif ~}$$$${q}${~ true }\n%"
t239 = "%{~ if true ~}${ "" }//%{ for v in [1, 2] }${ "a\n" }${ "x" }\\#${v}%{ endfor }%{ endif ~}${ " y " }"
t240 = "${ "" }%{ if true ~}%{ else }$${q}//%{~ endif }%%{q}%{~ if true }${~ true }\t${~ " y " ~}${~ "" }${ 1 }%{ else ~}%{~ endif ~}a"
t241 = "%%"
t242 = "{"
t243 = "${ "x" }b c}${ "x" ~}"
t244 = ""
t245 = "$$%%{q}"
t246 = "%{ for v in [1, 2] ~}%{ for i, v in [1, 2] }${ "a\n" }b c${~ "" }}${v}%{~ endfor }#\\${v}%{~ endfor ~}${~ "a\n" ~}"
t247 = "${ "x" ~}%%{q}"
t248 = ""
t249 = <<EOT
${~ " y " }
  EOT
t250 = <<EOT
%{ for i, v in [1, 2] ~}$${q}${ "a\n" }{EOT%{ endfor }
 EOT
t251 = <<EOT

  EOT
t252 = <<EOT
  $
 EOT
t253 = <<EOT
a%{ if true }
	 %{~ endif }a
   EOT
t254 = <<-EOT
   EOT{
  EOT
t255 = <<-EOT
  
 EOT
t256 = <<-EOT
  
  EOT
t257 = <<-EOT
	%{ for i, v in [1, 2] }%${~ " y " ~}${v}%{~ endfor }
  %{ if true ~}
    %{ else }%{ if true }%{ else }${~ true ~}
    %{~ endif ~}%%{q}%{ endif }%{ for v in [1, 2] ~}}//$${q}${~v~}%{ endfor ~}
EOT
t258 = <<EOT

	EOT
t259 = <<EOT
#${ 1 }$%{~ if false }é\n%{ endif }
 EOT
t260 = <<-EOT
  ${ " y " ~}
   EOT
t261 = <<EOT
${~ "a\n" }$b c
	EOT
t262 = <<-EOT
    %{ if true ~}
    	 %{ endif }   
    "%{ if true ~}${ "$${z}" }
        %{ endif ~}%{ for v in [1, 2] } b c#EOT%{~ for v in [1, 2] ~}#${v}%{ endfor }%{~ endfor }
EOT
t263 = <<-EOT
     
  
 EOT
t264 = <<EOT
  
  	 aEOT
   EOT
t265 = <<-EOT
    
    %{ if false }%{ if true ~}${~ "$${z}" }%%{q}%{ else }${~ "a\n" }
	
    
    %%{q}%{~ endif }%{~ endif }
    	 %{ if false }%{ for i, v in [1, 2] ~}}${~v~}%{ endfor ~}%{~ endif }
  EOT
t266 = <<-EOT
  $$
 EOT
t267 = <<EOT
  
    %{~ if false }%{ endif }
 
  é//
EOT
t268 = <<-EOT
  
	
  ${~ "$${z}" }%{ for v in [1, 2] ~}${~ true ~}%{~ endfor }
EOT
t269 = <<EOT
  
	EOT
t270 = <<-EOT

  EOT
t271 = <<EOT
    é${~ "$${z}" }$$
  EOT
t272 = <<-EOT
$$
	EOT
t273 = <<-EOT
	é  ${ 1 ~}
  

 EOT
t274 = <<EOT
${~ true }%{~ if true ~}%{ else ~}
%{~ if false ~}#${ true }${ true }
    ${ "a\n" }%{ else ~}%{ endif }%{~ for i, v in [1, 2] }${~ "x" }
      %{ endfor }${ " y " }%{ endif }%{ for v in [1, 2] }${~ "x" } ${~v~}%{~ endfor }%{ for i, v in [1, 2] }b c  ${~v~}%{ endfor }  
  EOT
t275 = <<EOT
  a
  EOT
t276 = <<EOT
  %{~ if false ~}%{ if false }%%{q}${ true }${ "x" ~}%{~ endif }${ " y " ~}%{~ endif }  %{~ for i, v in [1, 2] ~}%${v}%{ endfor ~}é
   EOT
t277 = <<-EOT

  ${ " y " } 
  EOT
t278 = <<-EOT
    %%\n
   EOT
t279 = <<-EOT
${ "" ~}${~ "a\n" }"\n${ 1 }
	EOT
t280 = <<-EOT
${ "x" }%{ if false }${~ 1 }  {%{ if false }${~ true ~}${ "a\n" }
  %{ endif ~}%{ endif ~}%{ if false }%%%%"%{ endif ~}%{ if true ~}"%{~ else }

b c${ 1 }%{ endif }${~ 1 }
  EOT
t281 = <<EOT
    
 EOT
t282 = <<EOT
  ${~ 1 }
EOT
t283 = <<-EOT
   ${ "a\n" ~} %%{q}${ 1 }
EOT
t284 = <<EOT
  $${q}  %{ for v in [1, 2] }${v}%{~ endfor }
 
  
 EOT
t285 = <<-EOT
    
    	 }
    $
        
  EOT
t286 = <<EOT
${ true }%%
 EOT
t287 = <<-EOT
  %{~ for i, v in [1, 2] ~}b c${v}%{ endfor ~}
   EOT
t288 = <<EOT
%%#%
  EOT
t289 = <<-EOT
 ${ "x" }$${q}%{~ if true }$$${~ "" }%%{q}a%{ else }${ "a\n" ~}${ "x" ~}%{ endif }//$${q}
  EOT
t290 = <<EOT
  %{ for v in [1, 2] }   
  ${~ "$${z}" ~}${~ "" }%{~ if true }${ " y " ~}
  
    %{ else ~}EOT${~ "x" }${ " y " }${ "$${z}" }${ "" ~}%{ endif }${v}%{~ endfor }${ "$${z}" }
   EOT
t291 = <<EOT
  %{ for i, v in [1, 2] }é%{ if true ~}${ " y " ~}%{~ endif ~}
  	 ${ " y " ~}${ true }${v}%{ endfor }"}
 EOT
t292 = <<-EOT
    }
 EOT
t293 = <<-EOT

 EOT
t294 = <<-EOT
  $${q}${ "x" }%{ if true }%{~ else }
  
  
  %{ if true ~}$${q}${ "x" }${ "x" ~}  %{ endif }%{~ for v in [1, 2] ~}"${~ "" ~}%%%${v}%{~ endfor ~}%{ endif }${~ " y " }
   EOT
t295 = <<EOT
%{ for i, v in [1, 2] ~}${v}%{ endfor ~}
 EOT
t296 = <<-EOT
  
      %{ for i, v in [1, 2] ~}%{ for v in [1, 2] }${v}%{ endfor }b c
  ${v}%{ endfor ~}%
  $$
   EOT
t297 = <<EOT
    %%{q}${~ " y " ~}${~ true }#
  EOT
t298 = <<EOT

}$${q}${ "$${z}" ~}EOT
   EOT
t299 = <<EOT
  
  
  
  ${~ "" }
  
 EOT
t300 = <<-EOT
    ${ true ~}%
    
 EOT
t301 = <<EOT
    
  EOT
t302 = <<EOT
 
  EOT
t303 = <<-EOT
    $${q}  %{ for i, v in [1, 2] ~}#%%b c
      %{ endfor }//  
   EOT
t304 = <<-EOT
	${ "" ~}${~ " y " ~}\n$${q}
  
   EOT
t305 = <<-EOT
  %
	
 EOT
t306 = <<EOT
       
    
 EOT
t307 = <<-EOT
  
  EOT
t308 = <<-EOT
    }${~ " y " }b c{
EOT
t309 = <<EOT
   %%{q}
 EOT
t310 = <<EOT
  é
  EOT
t311 = <<EOT
  
   EOT
t312 = <<EOT
EOT%{ for i, v in [1, 2] ~}
    b c%{ endfor ~}
 EOT
t313 = <<-EOT
%{ if false ~}%{~ endif }
  EOT{b c
EOT
t314 = <<EOT
    ${~ "$${z}" }  
    $$
 EOT
t315 = <<EOT
  %%
	EOT
t316 = <<-EOT
é
   EOT
t317 = <<-EOT
    %%  
   EOT
t318 = <<-EOT
  
  "
	EOT
t319 = <<EOT
${ "a\n" ~}%{ if false }%{~ else }${ "" }//{${ "$${z}" }#%{~ endif }
   EOT
t320 = <<-EOT
  %{ for v in [1, 2] }${~v~}%{~ endfor }#${~ "a\n" ~}
  
   EOT
t321 = <<EOT
$${q}a
       \n$${q}
 EOT
t322 = <<EOT
     

	
 %{ for i, v in [1, 2] }${ "$${z}" }ab c$${q}%{~ endfor }%{ if false }{%{~ if true }%{ else }   
  
      ${~ " y " ~}${ "$${z}" }%{ endif ~}#
%{ else ~}%{~ endif }
EOT
t323 = <<-EOT
${ 1 }""

	EOT
t324 = <<-EOT
  "$${q}%
  
EOT
t325 = <<-EOT
$${q}%{ if false }%{ endif }   

	EOT
t326 = <<-EOT
}é
   EOT
t327 = <<EOT

    %{ if false }
	

${ 1 ~}%{~ else }%${ 1 }
   %{ for v in [1, 2] }${~ 1 }EOT%%{q}${~ "a\n" }%{~ endfor }$$%{ endif }aEOT%%
EOT
t328 = <<-EOT
    ${~ 1 }a
	EOT
t329 = <<EOT

EOT
t330 = <<EOT
%%{q}%  }
   EOT
t331 = <<EOT
 %{ if true ~}${~ "$${z}" ~}%{~ else }${~ "x" ~}EOT
     %{~ endif }{%{ for v in [1, 2] ~}$${q}%{ if true ~}${ "" }${~ "$${z}" ~}
%%{q}\n%{~ else ~}{é${ "$${z}" }${ "a\n" ~}%{~ endif }%{ endfor }$${q}
  EOT
t332 = <<-EOT
%{~ if false }%{ for v in [1, 2] }  %%  %{~ endfor }

%   
%{ for i, v in [1, 2] ~}%{ endfor ~}%{ endif }
	 
	EOT
t333 = <<-EOT
${~ "a\n" }%{ for v in [1, 2] }${ true }${v}%{ endfor ~}%{ if true }}  
    $$%{~ endif }${ "$${z}" }
  EOT
t334 = <<-EOT
  %{ if true }%{ if false }$$
  	 %{ endif }${ "a\n" }\n%{ else ~}$%{ endif ~}
   EOT
t335 = <<EOT
  
  EOT
t336 = <<-EOT
$${q}a
  EOT
t337 = <<-EOT
   ${ true }
  EOT
t338 = <<-EOT
%{ for v in [1, 2] }%{~ if false ~}
    
	é${ 1 }%{ endif ~}%{~ for i, v in [1, 2] }${ "$${z}" ~}b c#%{ endfor }%{~ endfor ~}${ "a\n" }}${~ "$${z}" ~}

 EOT
t339 = <<-EOT
  é
  EOT
t340 = <<-EOT
 ${ " y " }  %{ if false ~}%%{q}${~ true ~}%{~ endif }
EOT
t341 = <<-EOT
    ${ "$${z}" }
   EOT
t342 = <<EOT
    
  EOT
t343 = <<-EOT
  
	EOT
t344 = <<EOT
  
   EOT
t345 = <<-EOT
b c$%{ for i, v in [1, 2] }  %{~ endfor ~}}#
  EOT
t346 = <<EOT
	%{~ for i, v in [1, 2] }a${ "" }${ 1 }%{ if false }%{~ endif }%{ endfor }}
%{ for v in [1, 2] }${~v~}%{~ endfor }
EOT
t347 = <<EOT
  ${ true }$
  EOT
t348 = <<-EOT
%{ if true }%{~ if false ~}${ "$${z}" ~}${~ "a\n" }%{ else }%%{q}${~ true }${~ 1 }%{ endif } ${ 1 }b c%{~ if true ~}%{~ endif }%{ else } %{ for v in [1, 2] ~}a${ "$${z}" }  "%{ endfor }#%{ if true }%{ endif }%{~ for v in [1, 2] }
"${~ "" ~}#${~v~}%{~ endfor ~}%{ endif }
  EOT
t349 = <<-EOT
    
	EOT
t350 = <<EOT
  
EOT
t351 = <<-EOT

  
 EOT
t352 = <<-EOT

   #
  EOT
t353 = <<-EOT
  
  EOT
t354 = <<EOT
  b c${ "" }${ "" ~}
   EOT
t355 = <<EOT
  
  %{~ if false }%{ else }%{~ if false }%{ endif }%%{q}b c
    //%{ endif }b c%{~ for i, v in [1, 2] }%{~ if false }${ " y " }$$\n${~ "x" }
       %{~ endif ~}%{ endfor }//
EOT
t356 = <<EOT
  $${ 1 }
EOT
t357 = <<EOT
  
	EOT
t358 = <<EOT
a
  EOT
t359 = <<-EOT
    ${~ "" ~}
    	 ${ "" }%{~ if true ~}%{~ for v in [1, 2] }
    
    ${~ "$${z}" ~}${ "a\n" }${~ true }%{ endfor }%{ for i, v in [1, 2] ~}   
    ${v}%{ endfor ~}é%{~ if true }${~ "" }%{~ endif }b c%{ else ~}%{ endif ~}
	EOT
t360 = <<-EOT
  %{ if true ~}%{ endif ~}   
  }%%
EOT
t361 = <<-EOT

   EOT
t362 = <<-EOT
    %{~ for v in [1, 2] }}${ 1 }$$%{ if false }%{ endif ~}%{ if true }$${q}${~ "" }%%%{ else }%{ endif ~}${v}%{ endfor }
 EOT
t363 = <<-EOT
  %{ if true }%{~ else }%{ if false ~}${ "$${z}" }${ 1 }%{ else }}%{ endif }%{~ if false ~}%%{q}EOT${~ "$${z}" }%{ else }
  %{~ endif }

  %{~ for v in [1, 2] ~}${~v~}%{ endfor ~}%{ endif ~}${~ true ~}
 EOT
t364 = <<-EOT
  
  ${~ "x" ~}${ "$${z}" }${ "x" }
 EOT
t365 = <<EOT
  a%{~ for v in [1, 2] ~}é 
  ${v}%{ endfor }
EOT
t366 = <<EOT
  
  	 aEOT  $${q}
EOT
t367 = <<EOT
  
  
EOT
t368 = <<-EOT
  
	EOT
t369 = <<-EOT
    "EOT%
  EOT
t370 = <<-EOT
	"#%{~ if true }
    ${~ true }%{ else }%{ for i, v in [1, 2] }${~ "a\n" ~}${~ "a\n" }${~ "" }b c%{ endfor }%{~ endif ~}
EOT
t371 = <<-EOT
 
	EOT
t372 = <<-EOT
  %{~ for i, v in [1, 2] }}%%{q}
 	 %{ for i, v in [1, 2] }${ "" }  ${ " y " }${~ "" }${ "a\n" }${v}%{~ endfor }${~v~}%{~ endfor }
  aé\n
   EOT
t373 = <<-EOT
{
 
EOT
t374 = <<EOT
  %{ for i, v in [1, 2] ~}${ "x" ~}#${ "x" }${v}%{ endfor ~}
    %{ for v in [1, 2] ~}%%{q}%{ if false ~}%%${ "a\n" ~}#{%{ else }%%{q}${ "a\n" ~}${ " y " }%{~ endif ~}%%{q}
  ${~v~}%{~ endfor }  
  EOT
t375 = <<-EOT
    EOT%
  EOT
t376 = <<EOT
  ${~ "x" }
 EOT
t377 = <<EOT
  ${~ "$${z}" }
 EOT
t378 = <<-EOT
a

${~ "$${z}" }
 


   EOT
t379 = <<-EOT
    ${~ "$${z}" ~}${ 1 }  a"
   EOT
t380 = <<-EOT
  a%
 EOT
t381 = <<-EOT
    
  ${ "a\n" }$${q}\n
EOT
t382 = <<-EOT
    %{~ for v in [1, 2] }${~v~}%{ endfor }//"
    %{~ for i, v in [1, 2] }${ "$${z}" ~}a%{~ for i, v in [1, 2] }a
      ${~v~}%{~ endfor ~}#${v}%{ endfor }
	EOT
t383 = <<EOT

  EOT
t384 = <<-EOT
    
    	 é%{ for i, v in [1, 2] }{${v}%{~ endfor }//$$
 EOT
t385 = <<EOT
b c%{ for v in [1, 2] }%{~ if true ~}a{%{ else ~}${~ " y " }${~ " y " }  a  %{ endif }%${~v~}%{ endfor ~}%%{q}}
	EOT
t386 = <<-EOT
  
//
EOT
t387 = <<-EOT
  "%{ if true }%{ endif ~}
EOT
t388 = <<-EOT
%{ if false ~}
  %{ endif ~}%%{q}
EOT
t389 = <<EOT
    %{~ if true }${ true }"${~ "" }   
    %%{q}%{ endif }${ true }${ " y " }
  EOT
t390 = <<-EOT

    %{ for i, v in [1, 2] }${ "$${z}" ~} "EOT
${v}%{ endfor }${ "" }
	EOT
t391 = <<-EOT
${~ "" ~}%{ for i, v in [1, 2] ~} %{~ if true }
$$${~ true }//b c%{ endif ~}{%{ for i, v in [1, 2] }a${ "$${z}" }%${~ "x" }$$%{~ endfor }%{~ endfor ~}"
 EOT
t392 = <<-EOT
    
    	 
  EOT
t393 = <<EOT
 $$$${q}\n$
   EOT
t394 = <<EOT
	
	EOT
t395 = <<-EOT
  ${~ " y " ~}%{~ for i, v in [1, 2] ~}${v}%{ endfor ~}
	EOT
t396 = <<-EOT
    \n
EOT
t397 = <<EOT

 EOT
t398 = <<-EOT
  $
	EOT
t399 = <<EOT
    
    
    \n${ "a\n" ~}EOT
  EOT
t400 = <<EOT
  
  EOT
t401 = <<-EOT
  %{ for i, v in [1, 2] }$$${~v~}%{ endfor ~}$${q}${~ "a\n" }//
   EOT
t402 = <<-EOT
${~ "$${z}" ~}\n\n
  EOT
t403 = <<EOT
    
    ////
	EOT
t404 = <<EOT
    EOT$${q}%{ for i, v in [1, 2] ~}//%{ for v in [1, 2] } {%{ endfor }//}%{ for v in [1, 2] }$%%$${q}${~v~}%{~ endfor }%{~ endfor ~}//
  EOT
t405 = <<-EOT
$$${q}EOT
   	 
 EOT
t406 = <<-EOT
EOT%{~ if true }//$$%{ for i, v in [1, 2] }}%{~ endfor }{%{ endif }${~ "$${z}" ~}%{ if true }%{ else }\n%{ if true } ${~ true }%{~ else }%{ endif }{%{ if false }{$%{ else }${ "a\n" }%{~ endif }  %{ endif }%{ if false ~}
	 ${~ true }%{ else }${~ "a\n" }%{ for i, v in [1, 2] }b cEOT%{ endfor }%{ if true }//$$  "${~ "$${z}" }%{ endif ~}éa%{~ endif ~}
 EOT
t407 = <<EOT
    {${~ "a\n" }  ${ true ~}
  EOT
t408 = <<EOT

 EOT
t409 = <<EOT
  " 
 EOT
t410 = <<-EOT
    $$${~ 1 ~}${~ "x" ~}
EOT
t411 = <<EOT
EOT${ true }}
EOT
t412 = <<-EOT
    }${ 1 }  %  
	EOT
t413 = <<-EOT
	${~ "" }
	EOT
t414 = <<EOT
   
   EOT
t415 = <<EOT
%{~ for v in [1, 2] }
	 %{ endfor }"
	EOT
t416 = <<EOT
  %%\nEOT
 EOT
t417 = <<EOT
    b cb c  %{~ for v in [1, 2] }%{~ if true }%{ endif }%%
    %{ for i, v in [1, 2] }#%%{q}${ "x" }é${v}%{ endfor ~}${ "x" }${~v~}%{~ endfor }%
   EOT
t418 = <<-EOT
  ${ 1 }$$  //\n
	EOT
t419 = <<-EOT
  
  EOT
t420 = <<-EOT
   ${ "$${z}" }
   EOT
t421 = <<-EOT
$${q}
   EOT
t422 = <<EOT
  
EOT
t423 = <<EOT
  
  EOT
t424 = <<EOT


	 
EOT
t425 = <<EOT
   $$%{ for i, v in [1, 2] }
b c%{ if false }{${ "a\n" }%{ else }${ "$${z}" ~}${~ "" }
	
%{ endif } a%{ endfor }${~ true }
   EOT
t426 = <<EOT
    %{~ if true }#  {%{~ else }${~ "$${z}" ~}%{ endif }${~ "$${z}" }
  
	EOT
t427 = <<-EOT
  //EOT
  ${ "x" }
 EOT
t428 = <<-EOT

	EOT
t429 = <<EOT
%{ if false ~}$${ "" ~}${ "a\n" }%%%{ else ~}${ "" }$$ ${ true }a%{ endif ~}\néé${ 1 ~}
   EOT
t430 = <<EOT
\n%%


EOT
t431 = <<-EOT
  $
	EOT
t432 = <<EOT
  //%{ for i, v in [1, 2] ~}${~v~}%{~ endfor ~}${~ "a\n" }\n
  EOT
t433 = <<-EOT
     
  %{~ for i, v in [1, 2] }$$\n%{ for i, v in [1, 2] }${~ "" }${v}%{ endfor }${v}%{~ endfor ~}$${q}%%
	EOT
t434 = <<EOT
  
EOT
t435 = <<-EOT
  %%{q} $%{ for v in [1, 2] }${ true ~}   
  $$${ "x" }${ "" }${~v~}%{~ endfor }é
	EOT
t436 = <<-EOT
    ${ "a\n" }%{~ for v in [1, 2] }${~ "a\n" } ${ 1 ~}${v}%{ endfor }
    
    
	EOT
t437 = <<EOT
  %{~ for i, v in [1, 2] }   
  ${v}%{ endfor }%%{q}   
	
  EOT
t438 = <<EOT
   %%
  EOT
t439 = <<-EOT
    %{ if true ~}  %{ if false ~}EOTEOT%{ endif }${ "a\n" ~}%{ endif }
   EOT
t440 = <<-EOT
  EOT%%{q}"$$%%{q}
	EOT
t441 = <<-EOT
  a%%{q}%{ if true }%%{q}%{ if true }${~ "" }%{~ endif ~}\n%{ if true }${ "$${z}" ~}%{ endif ~}%{~ else ~}${ "x" }
    ${ 1 }   
  #%{ endif }
      $
EOT
t442 = <<EOT
    $$$$%${~ 1 ~}%{ for i, v in [1, 2] }${ "a\n" }
        ${ "a\n" }%{~ if false }
    %{ else }b c${ " y " ~}${ 1 }%{ endif ~}%{~ endfor ~}
	EOT
t443 = <<EOT
  %{~ if false }
   
\n%{ if true ~}
  	 ${ true }%{ else }%{ endif }${ 1 }%{~ endif }\n  b c
   EOT
t444 = <<EOT
    %{ for i, v in [1, 2] }%{ for v in [1, 2] }%%{q}$${ "" }%{ endfor }   
    {${ "x" }${v}%{~ endfor ~}   
    ${ "a\n" ~}
  EOT
t445 = <<-EOT
    {%{ for i, v in [1, 2] ~}#%{ endfor ~}"b c
EOT
t446 = <<-EOT
  %%{q}${ "$${z}" ~}
EOT
t447 = <<-EOT
    %%$%{ for i, v in [1, 2] ~}
      %%{%{~ for i, v in [1, 2] ~}
    	 ${ "" }${v}%{~ endfor ~}${v}%{ endfor }%{ for i, v in [1, 2] }   
    %{~ if true ~}%%{~ else }aa%{~ endif }%{ endfor }
	EOT
t448 = <<-EOT
${ 1 ~}${ "$${z}" ~}
   EOT
t449 = <<-EOT
%{ if false ~}${ "x" }$%{~ if true ~}${ "$${z}" }é%{~ endif }

$%{ else ~}%{~ endif ~}{
	EOT
t450 = <<EOT
    //
  EOT
t451 = <<EOT
  %{ if false }${ "a\n" }${ "x" ~}${ "x" ~}%{ else }
  ${ 1 }}%{~ endif ~}
	EOT
t452 = <<EOT
    %{ if true }%{ for v in [1, 2] }${ "x" }${ true ~}%{~ endfor }  #//${ "a\n" }%{~ else }%{ if false }${ true ~}${ 1 }%{ endif ~}%{~ endif }
  EOT
t453 = <<EOT
  "%{ for i, v in [1, 2] ~}#${~v~}%{ endfor }${ true }
  EOT
t454 = <<EOT
  
  ${ "$${z}" }
	EOT
t455 = <<EOT
    $$%%{q}
EOT
t456 = <<-EOT
\n#
EOT
t457 = <<EOT
   
   EOT
t458 = <<EOT
     
  
 EOT
t459 = <<EOT
    %{~ for v in [1, 2] ~}
  
  %{~ for v in [1, 2] ~}a%   
    ${~v~}%{ endfor }$%{~ endfor }$$
   EOT
t460 = <<-EOT
  {EOT"${ "a\n" }%{~ if true }${ true }\n%{ if true }%${ 1 }${~ "$${z}" ~}${ 1 ~}//%{ endif ~}%{ for i, v in [1, 2] }${~v~}%{~ endfor ~}%{~ else }
    
      $$%{ endif }
  EOT
t461 = <<EOT
  ${ true }
  EOT
t462 = <<EOT

    ${ "a\n" }  
EOT
t463 = <<-EOT

${~ "$${z}" ~}   
%{~ for v in [1, 2] }${~v~}%{ endfor }
  EOT
t464 = <<EOT
  ${ 1 }$%%{q}b c%
  EOT
t465 = <<-EOT
$${q}
      a  
  EOT
t466 = <<-EOT
  $$ EOT
 EOT
t467 = <<-EOT
    %{~ for v in [1, 2] ~}${ 1 }}
		  ${v}%{~ endfor }   
    
        
	EOT
t468 = <<-EOT
    ${~ 1 }a${ " y " ~}{${ "x" ~}
 EOT
t469 = <<-EOT
  ${~ "" }  \n
EOT
t470 = <<-EOT
%{ for i, v in [1, 2] }$${v}%{ endfor }%{~ for v in [1, 2] }
	%{ if false }${ 1 ~}

${ "a\n" ~}%{~ endif }%${ "$${z}" }${~v~}%{ endfor }%{ for v in [1, 2] }%{~ if true }

%{~ endif }${ 1 ~}${ "" }%{~ endfor }${ "a\n" ~}

 EOT
t471 = <<-EOT
  %{ if false ~}%{ else }${ "x" }EOT${ "" }#%{~ endif ~}  %%{q}
   EOT
t472 = <<-EOT
 %{ for i, v in [1, 2] }b c

%{~ for i, v in [1, 2] ~}${~ 1 ~}${~ 1 }${~ "" ~}${v}%{~ endfor }{
	 ${v}%{~ endfor }
 EOT
t473 = <<-EOT
%{ for i, v in [1, 2] }${ "x" ~}${~v~}%{ endfor ~}${ "$${z}" }%{ if false ~}%{ if false }//%{~ endif }%{~ for i, v in [1, 2] }//${ "$${z}" }%{ endfor }%{~ endif }
	EOT
t474 = <<-EOT

 EOT
t475 = <<-EOT
    
    
    	 %{~ if false }é%{ endif ~}${ " y " }b c
	EOT
t476 = <<-EOT
//$${q}
   

EOT
t477 = <<-EOT
%{~ for v in [1, 2] }
${~v~}%{ endfor }é
  $${q}"
  EOT
t478 = <<-EOT
      
    
      
 EOT
t479 = <<-EOT
EOT%{~ if false ~}${ "" }${ "$${z}" ~} %{ endif }é
   EOT
t480 = <<EOT
    
   EOT
t481 = <<EOT
    
    	 
    

      
EOT
t482 = <<-EOT

  EOT
t483 = <<EOT
  ${~ 1 ~}%{ if true ~}
  	 ${ "a\n" ~}
   é%{ endif ~}
   EOT
t484 = <<-EOT
    é
        
 EOT
t485 = <<EOT
%{ for i, v in [1, 2] }%{~ if false ~}%{ else }\n\n
  %{ endif ~}\n%{~ for v in [1, 2] }
    "{
${v}%{~ endfor }${ "a\n" }${v}%{ endfor }${~ " y " ~}%{~ for v in [1, 2] ~}%{~ for i, v in [1, 2] ~}\n
	 ${~v~}%{ endfor }%{ for i, v in [1, 2] }${ "a\n" }  ${ true }${ true }%{ endfor ~}%{~ endfor ~}%{ if true ~}%%{q}${ "a\n" } 
    b c%{~ else }%{ endif }
  
  EOT
t486 = <<EOT
    ${ true }$${q}a   
    
 EOT
t487 = <<EOT
  é%{ for v in [1, 2] }%{ if false }
  	  %{~ endif ~}{${~ "x" }"é%{ endfor }${~ "$${z}" }
 EOT
t488 = <<-EOT
é
   EOT
t489 = <<-EOT
é
 EOT
t490 = <<EOT
${~ true ~}
${ "x" }
	EOT
t491 = <<EOT
"$${~ " y " }

   EOT
t492 = <<EOT

  ${ "a\n" ~}
	EOT
t493 = <<-EOT
%%
 EOT
t494 = <<EOT
    
  EOT
t495 = <<EOT
  ${ "a\n" }${~ "" }
        
 EOT
t496 = <<-EOT
    $%%$${q}$EOT
   EOT
t497 = <<EOT
  
	  
    {
	EOT
t498 = <<-EOT
    }%$
	EOT
t499 = <<-EOT
  ${~ "" ~}${ "$${z}" }${ 1 }
	EOT
t500 = <<-EOT
${ "" ~}\n
EOT
t501 = <<-EOT
    %{~ for v in [1, 2] ~}%{ for i, v in [1, 2] }${ "$${z}" }${~v~}%{~ endfor }
    %{~ endfor ~}%{ if true ~}${ "$${z}" }%{ endif }%%{q}${ "" ~}
	EOT
t502 = <<-EOT
  %{ if true }   %{~ else }${ "x" ~}%{ if true ~}${ " y " }%{ endif }${ "" }%%{q}%{ endif ~}${ true }%{~ for i, v in [1, 2] }
      ${ "$${z}" }${ "a\n" ~}${~v~}%{ endfor }${ 1 }
   EOT
t503 = <<EOT
{
EOT
t504 = <<-EOT
  ${ " y " ~}
 EOT
t505 = <<-EOT
   ${~ 1 ~}
  
    %
    
  EOT
t506 = <<EOT
  é${~ 1 ~}%%  %%{q}
EOT
t507 = <<EOT
    #
   EOT
t508 = <<-EOT
  ${ 1 }%{ for v in [1, 2] }$${q}"$$%{~ if false }%%{q}  ${ " y " }${~ "a\n" ~}//%{ endif }${v}%{ endfor }${~ "a\n" }
%{ for i, v in [1, 2] ~}${ "$${z}" }   
  ${~v~}%{~ endfor }
   EOT
t509 = <<EOT
    #
        
	
EOT
t510 = <<EOT
     %{~ for i, v in [1, 2] ~}%%{q}%{~ for v in [1, 2] }a${~ " y " }${ 1 }${~v~}%{~ endfor ~}}{${~v~}%{ endfor }
   EOT
t511 = <<EOT
    
        
    
	EOT
t512 = <<-EOT
%{ for v in [1, 2] }%{~ if true }${~ " y " }${ "x" }%{~ else }//${~ "x" }%{ endif }
    #EOT%{~ if true }${ " y " }  %{~ else }"%{~ endif }%{ endfor }%{~ for v in [1, 2] ~}é%{ for v in [1, 2] }${v}%{ endfor }%{ for i, v in [1, 2] }${ "" ~}
${ "x" }${~v~}%{~ endfor }%{~ endfor }
EOT
t513 = <<EOT

	EOT
t514 = <<EOT
    %{~ for i, v in [1, 2] }${~v~}%{ endfor }$$${ "" }
EOT
t515 = <<EOT
  ${~ 1 ~} %%{q}%{ for v in [1, 2] }%%{q}%{ if false }${ true }a%{ else ~}${ " y " ~}${ 1 ~}%{ endif }%{~ for i, v in [1, 2] ~}
    $$}$$${~v~}%{ endfor ~}
  ${~v~}%{ endfor }%
  EOT
t516 = <<EOT

  
  
EOT
t517 = <<EOT
    %{ if true }%{ if false }
    	   $$%{~ endif ~}%%{q}%{ else }${ "a\n" }%{~ if false ~}
    	 $$//
        
	    %{ else ~}#$${ 1 ~}${~ "" }%{ endif ~}%{ endif }%{~ for v in [1, 2] ~}#${v}%{ endfor }%%{q}   
	EOT
t518 = <<-EOT
    {${~ "$${z}" ~}${~ "" }
  EOT
t519 = <<-EOT
 a
 EOT
t520 = <<EOT

    \n"EOT
EOT
t521 = <<EOT
 
      
   EOT
t522 = <<-EOT
  %{ for i, v in [1, 2] }\n$${ "a\n" }%${ " y " }${v}%{ endfor }EOT"
EOT
t523 = <<-EOT
  é
EOT
t524 = <<EOT
    
      
 EOT
t525 = <<EOT
  
	EOT
t526 = <<-EOT
b c$${q}$$%{~ if true }
  ${ "" }%{ if false }${ 1 }%{ else ~} $$%{~ endif }$$%{ if true }a${~ "x" }${~ "a\n" }${~ "$${z}" ~}%{~ endif }%{ else }
       {${~ true }
  %{~ endif }${~ 1 }
  EOT
t527 = <<EOT
  %{ if false }
  %{~ else }"$%{ if true }//
     %{ endif }a%{ endif ~}
 EOT
t528 = <<-EOT
  ${ " y " }%%b cé%{~ for i, v in [1, 2] }${~v~}%{~ endfor }
EOT
t529 = <<-EOT
  
   EOT
t530 = <<-EOT
  $${q}
EOT
t531 = <<EOT
    
    
    b c ${ " y " }
  EOT
t532 = <<EOT
  
EOT
t533 = <<-EOT
    }${ "" ~}%{~ if false ~}
    
    \n%{ for i, v in [1, 2] }$${q} {  ${v}%{ endfor }{a%{~ endif ~}
 EOT
t534 = <<EOT
      %%{q}b c}
   EOT
t535 = <<EOT
     %{ for i, v in [1, 2] ~}%{ if false ~}${~ 1 ~}b c${ 1 }${ "" ~}a%{~ else ~}${~ "" ~}
    b c%{~ endif ~}
    	 
    ${~v~}%{~ endfor }
	EOT
t536 = <<EOT
  
 EOT
t537 = <<EOT
  
	EOT
t538 = <<-EOT
  %{ for v in [1, 2] }%{~ for v in [1, 2] }  //${ "" ~}
  	 ${~v~}%{~ endfor }  {é
    %{ endfor }
 EOT
t539 = <<-EOT
    
      ${ "x" }%{ if false }$${q}
    
    %{ endif ~}
 EOT
t540 = <<-EOT
  #
  
  b cb c"
	EOT
t541 = <<EOT
  
  	 
      
  
 EOT
t542 = <<EOT
	b c
  EOT
t543 = <<EOT
%${ "" }EOT
EOT
t544 = <<EOT

    	 
         
    
 EOT
t545 = <<EOT
%{~ if false ~}
	 %{~ endif }é${~ "a\n" }
  EOT
t546 = <<-EOT
  EOTa%%{q}
    
	EOT
t547 = <<EOT
    #
   
EOT
t548 = <<-EOT
  
 EOT
t549 = <<EOT
    %%
 EOT
t550 = <<-EOT
    
 EOT
t551 = <<-EOT
  
EOT
t552 = <<EOT
 ${~ "$${z}" ~}
EOT
t553 = <<EOT
    
 EOT
t554 = <<-EOT
	
		 
  
  EOT
t555 = <<EOT
   %{ for i, v in [1, 2] }${~v~}%{ endfor }
  
    %{ if true }${~ "" }%{~ endif ~}${ 1 ~}%%
  EOT
t556 = <<-EOT
    $$%%%%
   EOT
t557 = <<EOT
%%${ 1 }$%{ for v in [1, 2] }}%{ endfor ~}${~ "x" }
EOT
t558 = <<-EOT

  
   

	EOT
t559 = <<-EOT
	
 EOT
t560 = <<-EOT

  EOT
t561 = <<-EOT
	
   EOT
t562 = <<EOT
    
EOT
t563 = <<EOT
      %{ for v in [1, 2] ~}#b c${v}%{ endfor ~}%{ for v in [1, 2] } $${q}
    ${~ true }#%{~ endfor ~}
 EOT
t564 = <<EOT
    
  EOT
t565 = <<-EOT
    
      %{ for i, v in [1, 2] }
    ${ "$${z}" ~}//
    
    }${v}%{~ endfor ~}}%%{q}
	EOT
t566 = <<EOT

   EOT
t567 = <<-EOT
	$ ${~ "x" ~}%%{q}
EOT
t568 = <<-EOT
\n
   EOT
t569 = <<EOT
${ "" }${ "x" }$%{ if false }}"%{ endif }%%
EOT
t570 = <<EOT
      %{ if true }${~ "" }%{~ endif }${~ "$${z}" }%{ if false }EOT%{ else ~}%{~ endif }${ " y " }
  EOT
t571 = <<-EOT
  %{~ if true }EOT$$${ " y " }${ 1 }
      %{ else }%{ for v in [1, 2] ~}%{ endfor ~}%{ endif }${ "x" }
   EOT
t572 = <<-EOT
//
	EOT
t573 = <<-EOT
  ${ 1 ~}\n
   EOT
t574 = <<EOT
 $
	EOT
t575 = <<EOT

EOT
t576 = <<-EOT
    
 EOT
t577 = <<-EOT
 $%{ for i, v in [1, 2] ~}#${~v~}%{ endfor ~}${ "" ~}%{ if true ~}%{ if true }$${ "" ~}${~ "a\n" }${ 1 ~}%{ endif ~}EOT
     
	
%{ else ~}}EOT//#%{ endif }
   EOT
t578 = <<-EOT
${ " y " }%%{q}
 EOT
t579 = <<EOT
  
 EOT
t580 = <<EOT
  
   EOT
}
