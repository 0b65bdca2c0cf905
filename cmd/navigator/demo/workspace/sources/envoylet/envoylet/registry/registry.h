#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace Envoylet {
namespace Registry {

/**
 * The factories of one kind, by name. They register themselves before main() runs, so that an
 * extension is added to the proxy by linking it, and no list has to name it.
 */
template <class Base> class FactoryRegistry {
public:
  /**
   * @return null when no factory of that name was linked.
   */
  static Base* getFactory(const std::string& name) {
    auto it = factories().find(name);
    return it == factories().end() ? nullptr : it->second;
  }

  static std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& [name, factory] : factories()) {
      all.push_back(name);
    }
    return all;
  }

  static void registerFactory(Base& factory) { factories()[factory.name()] = &factory; };

private:
  // A function instead of a static member: it is made when first used, which may be while another
  // translation unit registers its factories.
  static std::map<std::string, Base*>& factories() {
    static auto* factories = new std::map<std::string, Base*>;
    return *factories;
  }
};

/**
 * Holds a factory and registers it when constructed.
 */
template <class T, class Base> class RegisterFactory {
public:
  RegisterFactory() { FactoryRegistry<Base>::registerFactory(instance_); }

private:
  T instance_{};
};

/**
 * Registers a factory. Stands once, in a .cc file.
 */
#define REGISTER_FACTORY(FACTORY, BASE)                                                            \
  void forceRegister##FACTORY() {}                                                                 \
  static ::Envoylet::Registry::RegisterFactory<FACTORY, BASE>                                      \
      FACTORY##_registered __attribute__((unused))

/**
 * Declares a function that does nothing, to be called where the linker would else leave out the
 * object file of a factory that nobody names.
 */
#define DECLARE_FACTORY(FACTORY) void forceRegister##FACTORY()

} // namespace Registry

namespace Singleton {

class Instance {
public:
  virtual ~Instance() = default;
};

using InstanceSharedPtr = std::shared_ptr<Instance>;

/**
 * Objects that many components share, made when the first one asks and destroyed when the last one
 * lets go. Unlike a global, it dies before the server that it uses.
 */
class Manager {
public:
  using CreateCb = std::function<InstanceSharedPtr()>;

  template <class T> std::shared_ptr<T> getTyped(const std::string& name, CreateCb create) {
    std::weak_ptr<Instance>& slot = singletons_[name];
    InstanceSharedPtr instance = slot.lock();
    if (instance == nullptr) {
      instance = create();
      slot = instance;
    }
    return std::dynamic_pointer_cast<T>(instance);
  }

private:
  std::map<std::string, std::weak_ptr<Instance>> singletons_;
};

// Gives a singleton its name. Two registrations of one name in a scope do not compile.
#define SINGLETON_MANAGER_REGISTRATION(NAME)                                                       \
  static constexpr char NAME##_singleton_name[] = #NAME "_singleton"

#define SINGLETON_MANAGER_REGISTERED_NAME(NAME) NAME##_singleton_name

} // namespace Singleton
} // namespace Envoylet
