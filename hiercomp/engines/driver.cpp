#include <stan/model/model_header.hpp>  // first of all, or a precompiled header is not taken

// Log densities of a Stan program at given points: constrained scale, no Jacobian, all constants, 17 digits.
//
// Compiled beside program.hpp (what stanc made of the program) and, with HIERCOMP_TERMS, terms.hpp (the same program
// with a datum hiercomp_term, which keeps one term of the density at a time).
// Standard input is words separated by blanks: the variables of the data, the number of terms, the number of points,
// and for each point its variables. A variable is: name, i or r, number of axes, lengths, values with the first index
// changing fastest. Standard output is lines that each begin with what they hold; densities.py reads them.

#include <stan/io/array_var_context.hpp>
#include <stan/model/log_prob_grad.hpp>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "program.hpp"

#ifdef HIERCOMP_TERMS
#define stan_model hiercomp_terms_model
#define new_model hiercomp_new_terms_model
#define get_stan_profile_data hiercomp_terms_profile_data
#include "terms.hpp"
#undef stan_model
#undef new_model
#undef get_stan_profile_data
#endif

namespace hiercomp {

using model_pointer = std::unique_ptr<stan::model::model_base>;

std::string word() {
  std::string text;
  if (!(std::cin >> text)) throw std::invalid_argument("the input of the driver ends too early");
  return text;
}

size_t count() { return std::strtoul(word().c_str(), nullptr, 10); }

struct variables {
  std::vector<std::string> names_r, names_i;
  std::vector<double> values_r;
  std::vector<int> values_i;
  std::vector<std::vector<size_t>> dims_r, dims_i;

  void read() {
    for (size_t left = count(); left > 0; --left) {
      const std::string name = word();
      const bool whole = word() == "i";
      std::vector<size_t> dims(count());
      size_t size = 1;
      for (size_t& length : dims) size *= (length = count());
      (whole ? names_i : names_r).push_back(name);
      (whole ? dims_i : dims_r).push_back(dims);
      for (; size > 0; --size) {
        if (whole) {
          values_i.push_back(static_cast<int>(std::strtol(word().c_str(), nullptr, 10)));
        } else {
          values_r.push_back(std::strtod(word().c_str(), nullptr));
        }
      }
    }
  }

  void add(const std::string& name, int value) {
    names_i.push_back(name);
    dims_i.push_back({});
    values_i.push_back(value);
  }

  stan::io::array_var_context context() const {
    return stan::io::array_var_context(names_r, values_r, dims_r, names_i, values_i, dims_i);
  }
};

void print(const char* what, const std::vector<double>& values) {
  std::fputs(what, stdout);
  for (double value : values) std::printf(" %.17g", value);
  std::fputs("\n", stdout);
}

// A domain error is Stan's way to say that the density is zero here: a sampler rejects the point and goes on.
void complain(const std::string& what, const std::exception& error) {
  const bool zero = dynamic_cast<const std::domain_error*>(&error) != nullptr;
  std::string text = error.what();
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  std::printf("%s %s %s\n", what.c_str(), zero ? "zero" : "error", text.c_str());
}

void evaluate(const stan::model::model_base& model, const std::vector<model_pointer>& terms) {
  variables values;
  values.read();
  std::vector<double> at;
  std::vector<int> none;
  try {
    stan::io::array_var_context context = values.context();
    model.transform_inits(context, none, at, nullptr);
  } catch (const std::exception& error) {
    complain("outside", error);
    return;
  }
  print("at", at);
  try {
    print("total", {model.log_prob<false, false>(at, none, nullptr)});
  } catch (const std::exception& error) {
    complain("total!", error);
  }
  try {
    std::vector<double> gradient;
    stan::model::log_prob_grad<false, false>(model, at, none, gradient, nullptr);
    print("gradient", gradient);
  } catch (const std::exception& error) {
    complain("gradient!", error);
  }
  for (size_t k = 0; k < terms.size(); ++k) {
    const std::string number = std::to_string(k + 1);
    try {
      print(("term " + number).c_str(), {terms[k]->log_prob<false, false>(at, none, nullptr)});
    } catch (const std::exception& error) {
      complain("term! " + number, error);
    }
  }
}

int run() {
  variables data;
  data.read();
  const size_t n_terms = count();
  stan::io::array_var_context context = data.context();
  model_pointer model(&new_model(context, 1, nullptr));
  std::vector<model_pointer> terms;
#ifdef HIERCOMP_TERMS
  for (size_t k = 1; k <= n_terms; ++k) {
    variables chosen = data;
    chosen.add("hiercomp_term", static_cast<int>(k));
    stan::io::array_var_context chosen_context = chosen.context();
    terms.emplace_back(&hiercomp_new_terms_model(chosen_context, 1, nullptr));
  }
#else
  if (n_terms > 0) throw std::invalid_argument("this program was compiled without its terms");
#endif
  std::vector<std::string> names;
  model->unconstrained_param_names(names, false, false);
  std::fputs("names", stdout);
  for (const std::string& name : names) std::printf(" %s", name.c_str());
  std::fputs("\n", stdout);
  for (size_t left = count(); left > 0; --left) {
    std::fputs("point\n", stdout);
    evaluate(*model, terms);
  }
  std::fputs("end\n", stdout);
  return 0;
}

}  // namespace hiercomp

extern "C" int hiercomp_main() {
  try {
    return hiercomp::run();
  } catch (const std::exception& error) {
    std::fputs(error.what(), stderr);
    return 1;
  }
}
